# SPDX-License-Identifier: BSD-2-Clause
# Times over the share of messages that were faster, on a logarithmic axis of the
# remaining share: 50 %, 90 %, 99 % and 99.9 % are equally far apart.
# gnuplot -d -c percentiles.gp svg|png|pdf, in the folder of the tables.

format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('percentiles.gp')]
load scripts.'frame.gp'

set logscale xy
set xtics ('0 %%' 1, '50 %%' 2, '90 %%' 10, '99 %%' 100, '99.9 %%' 1000, \
	'99.99 %%' 10000, '99.999 %%' 100000)
set ytics format '%.0s%c'
remaining(share) = share > 0 && share < 1 ? 1. / (1. - share) : NaN
plot for [i = 0:series - 1] 'curves.dat' index i \
	using (remaining($2)):($1 > 0 ? $1 : NaN) \
	with lines linewidth 1.5 linecolor rgb colour(i) dashtype dash(i), \
	for [i = 0:series - 1] 'curves.dat' index i \
	using (remaining($2)):($1 > 0 ? $1 : NaN) \
	every 4 with points pointtype shape(i) pointsize 0.8 * mark \
	linecolor rgb colour(i)
unset multiplot
set output
