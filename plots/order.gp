# SPDX-License-Identifier: BSD-2-Clause
# The observations of a run in their order, each as a share of the median of its
# cell, and the median of each round.
# gnuplot -d -c order.gp svg|png|pdf, in the folder of the tables.

format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('order.gp')]
load scripts.'frame.gp'

stats 'order.dat' using 1:2 nooutput
set xrange [0:STATS_max_x + 1]
# At least from half to twice the median, so that noise does not look large.
set yrange [(STATS_min_y < 0.5 ? STATS_min_y / 1.1 : 0.5): \
	(STATS_max_y > 2 ? STATS_max_y * 1.1 : 2)]
set logscale y 2
set ytics format '%g'
thin(colour) = int(colour) + (0xa0 << 24)
plot 1 linecolor rgb faint dashtype 2, \
	for [i = 0:series - 1] 'order.dat' index i using 1:2 \
	with points pointtype 7 pointsize 0.5 * mark \
	linecolor rgb thin(colour(i)), \
	'order.dat' using 1:($3 == 1 ? $2 : NaN) with points pointtype 6 \
	pointsize 1.3 * mark linecolor rgb ink, \
	'rounds.dat' using 1:2 with linespoints pointtype 7 \
	pointsize 0.9 * mark linewidth 1.5 linecolor rgb ink, \
	'order.dat' using 1:2:4 with labels hypertext point pointtype 7 \
	pointsize 0.8 linecolor rgb '#ff000000'
unset multiplot
set output
