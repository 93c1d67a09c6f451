# SPDX-License-Identifier: BSD-2-Clause
# Cumulative distributions, for a picture that a scenario declares.
# gnuplot -d -c histogram.gp svg|png|pdf, in the folder of the tables.

format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('histogram.gp')]
load scripts.'frame.gp'

set logscale x
set xtics format '%.0s%c'
set ytics format '%.0f %%'
set yrange [0:102]
plot for [i = 0:series - 1] 'curves.dat' index i using 1:(100 * $2) \
	with lines linewidth 1.5 linecolor rgb colour(i) dashtype dash(i), \
	for [i = 0:series - 1] 'curves.dat' index i using 1:(100 * $2) \
	every 4 with points pointtype shape(i) pointsize 0.8 * mark \
	linecolor rgb colour(i)
unset multiplot
set output
