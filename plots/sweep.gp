# SPDX-License-Identifier: BSD-2-Clause
# The objective over a swept parameter, on logarithmic axes.
# gnuplot -d -c sweep.gp svg|png|pdf, in the folder of the tables.

format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('sweep.gp')]
load scripts.'frame.gp'

stats 'range.dat' using 1:2 nooutput
low = STATS_min_y
set logscale x 2
set logscale y
set xrange [STATS_min_x:STATS_max_x]
set yrange [low:STATS_max_y]
set ytics format '%.0s%c'
bound_colour = '#888888'
plot 'ticks.dat' using 1:(low):xtic(2) with dots linecolor rgb '#ff000000', \
	'bounds.dat' using 1:2:3:4 with vectors nohead dashtype 2 \
	linewidth 1.5 linecolor rgb bound_colour, \
	'bound_names.dat' using 1:2:3 with labels left offset 0.5, 0.7 \
	font small_font textcolor rgb faint, \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2 \
	with lines linecolor rgb colour(i) dashtype dash(i), \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2:3:4 \
	with yerrorbars pointtype shape(i) pointsize 1.2 * mark \
	linecolor rgb colour(i), \
	'curves.dat' using 1:($5 == 1 ? $2 : NaN) with points pointtype 6 \
	pointsize 2.2 * mark linecolor rgb ink, \
	'curves.dat' using 1:2:6 with labels hypertext point pointtype 7 \
	pointsize 1.5 linecolor rgb '#ff000000'
unset multiplot
set output
