# SPDX-License-Identifier: BSD-2-Clause
# Curves on linear axes, for a picture that a scenario declares.
# gnuplot -d -c curves.gp svg|png|pdf, in the folder of the tables.

format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('curves.gp')]
load scripts.'frame.gp'

stats 'curves.dat' using 1:4 nooutput
set xrange [0:STATS_max_x + 1]
set yrange [0:(STATS_max_y > 2 ? STATS_max_y : 2) * 1.05]
plot 1 linecolor rgb faint dashtype 2, \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2 \
	with lines linecolor rgb colour(i) dashtype dash(i), \
	for [i = 0:series - 1] 'curves.dat' index i using 1:2:3:4 \
	with yerrorbars pointtype shape(i) pointsize 1.2 * mark \
	linecolor rgb colour(i)
unset multiplot
set output
