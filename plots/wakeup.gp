# SPDX-License-Identifier: BSD-2-Clause
# How long a waiter takes from the set of its event until it runs again.
# gnuplot -d -c wakeup.gp svg|png|pdf, in the folder of the tables.

format = ARG1
title_end = ': how soon a waiter runs again'
x_name(n) = 'from the set of the event, in ns; left is better'
y_name = 'share of the waiters that run again by then, %'
scripts = ARG0[1:strlen(ARG0) - strlen('wakeup.gp')]
load scripts.'curves.gp'

set logscale x
set xtics format '%.0s%c'
set yrange [0:102]
plot for [i = 0:series - 1] 'curves.dat' index i using 1:(100 * $2) \
	with lines linewidth 1.5 linecolor rgb colour(i) dashtype dash(i), \
	for [i = 0:series - 1] 'curves.dat' index i using 1:(100 * $2) \
	every 4 with points pointtype shape(i) pointsize 0.6 \
	linecolor rgb colour(i)
unset multiplot
set output
