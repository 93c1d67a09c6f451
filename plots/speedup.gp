# SPDX-License-Identifier: BSD-2-Clause
# How much faster than a plain loop more and more downloaders are.
# gnuplot -d -c speedup.gp svg|png|pdf, in the folder of the tables.

format = ARG1
title_end = ': what more downloaders bring'
x_name(n) = 'downloaders'
y_name = 'times the pages a second of the plain loop without threads'
scripts = ARG0[1:strlen(ARG0) - strlen('speedup.gp')]
load scripts.'curves.gp'

stats 'curves.dat' using 1:4 nooutput
set xrange [0:STATS_max_x + 1]
set yrange [0:(STATS_max_y > 2 ? STATS_max_y : 2) * 1.05]
set errorbars 0.6
plot 1 linecolor rgb faint dashtype 2, \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2 \
	with lines linecolor rgb colour(i) dashtype dash(i), \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2:3:4 \
	with yerrorbars pointtype shape(i) linecolor rgb colour(i)
unset multiplot
set output
