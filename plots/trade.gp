# SPDX-License-Identifier: BSD-2-Clause
# Two costs of each cell, and the front of the cells that no other cell beats in
# both. gnuplot -d -c trade.gp svg|png|pdf, in the folder of the tables.

format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('trade.gp')]
load scripts.'frame.gp'

set logscale xy
set xtics format '%g %%'
set ytics format '%.0s%c'
# A cell without CPU time is drawn at half of the least CPU time.
least = 1e9
stats 'points.dat' using (least = $1 > 0 && $1 < least ? $1 : least, $1) nooutput
floor_x = least * 50
above(x) = 100 * x > floor_x ? 100 * x : floor_x
set xrange [floor_x:STATS_max * 140]
set clip two
plot 'front.dat' using (above($1)):2 with steps dashtype 2 linewidth 1.5 \
	linecolor rgb '#888888', \
	for [i = 0:series - 1] 'points.dat' index i \
	using (above($1)):4:(above($2)):(above($3)):5:6 \
	with xyerrorbars pointtype shape(i) pointsize 1.0 * mark \
	linecolor rgb colour(i), \
	'front.dat' using (above($1)):2:(sprintf('%d', $3)) \
	with labels right offset -0.8, -0.8 font bold_font textcolor rgb ink
unset multiplot
set output
