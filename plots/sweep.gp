# SPDX-License-Identifier: BSD-2-Clause
# Messages a second along an axis that was swept: a curve for each backend.
# gnuplot -d -c sweep.gp svg|png|pdf, in the folder of the tables.

format = ARG1
title_end = ': messages a second along a sweep'
x_name(n) = strcol(7)
y_name = 'messages a second, median; the bar holds the true one with 95 %. '. \
	'Dashed: the bound, no queue. Ring: more threads than CPUs'
scripts = ARG0[1:strlen(ARG0) - strlen('sweep.gp')]
load scripts.'curves.gp'

stats 'range.dat' using 1:2 nooutput
low = STATS_min_y
set logscale x 2
set logscale y
set xrange [STATS_min_x:STATS_max_x]
set yrange [low:STATS_max_y]
set ytics format '%.0s%c'
set errorbars 0.6
bound_colour = '#888888'
plot 'ticks.dat' using 1:(low):xtic(2) with dots linecolor rgb '#ff000000', \
	'bounds.dat' using 1:2:3:4 with vectors nohead dashtype 2 \
	linewidth 1.5 linecolor rgb bound_colour, \
	'bound_names.dat' using 1:2:3 with labels left offset 0.5, 0.7 \
	font small_font textcolor rgb bound_colour, \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2 \
	with lines linecolor rgb colour(i) dashtype dash(i), \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2:3:4 \
	with yerrorbars pointtype shape(i) linecolor rgb colour(i), \
	'curves.dat' using 1:($5 == 1 ? $2 : NaN) with points pointtype 6 \
	pointsize 1.8 linecolor rgb ink
unset multiplot
set output
