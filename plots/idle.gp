# SPDX-License-Identifier: BSD-2-Clause
# How the threads of each role spend their time in each cell of a scenario.
# gnuplot -d -c idle.gp svg|png|pdf, in the folder of the tables.

format = ARG1
lines = 4
parts = 6
scripts = ARG0[1:strlen(ARG0) - strlen('idle.gp')]

# A bar for each role needs room for its number.
set datafile separator tab
set datafile missing "NaN"
stats 'idle.dat' using 4 nooutput
row_px = STATS_max > 1 ? 13. * STATS_max + 4 : 18.
longest = 0
stats 'idle.dat' using (longest = strlen(strcol(11)) > longest ? \
	strlen(strcol(11)) : longest) nooutput
value_px = 24. + 6.8 * longest
load scripts.'common.gp'

# The numbers, in pixels.
plot 'idle.dat' using (value_at($1)):(row_at($2)):11 \
	with labels left font small_font textcolor rgb ink

set xrange [0:100]
set x2range [0:100]
set xtics 25 nomirror scale 0.6 format '%.0f' font small_font \
	textcolor rgb ink
set x2tics 25 nomirror scale 0.6 format '%.0f' font small_font \
	textcolor rgb ink

# Start of part k of a bar; part 7 starts at the end of the bar.
start(k) = 100. * (k < 2 ? 0 : k < 3 ? $5 : k < 4 ? $5 + $6 : \
	k < 5 ? $5 + $6 + $7 : k < 6 ? $5 + $6 + $7 + $8 : \
	k < 7 ? $5 + $6 + $7 + $8 + $9 : 1)
in(i, panel, value) = i == panel ? value : NaN

do for [i = 0:panels - 1] {
	eval panel
	plot for [k = 1:parts] 'idle.dat' using \
		(in(i, $1, start(k) + 0 * $5)):2: \
		(start(k)):(start(k + 1)):($2 - $3):($2 + $3) \
		with boxxyerror fill solid border linecolor rgb faint \
		linewidth 0.6 fillcolor rgb share_colours[k], \
		for [k = 1:parts] '' using \
		(in(i, $1, (start(k) + start(k + 1)) / 2)):2:12 \
		with labels hypertext point pointtype 5 pointsize 1.5 \
		linecolor rgb '#ff000000'
}
unset multiplot
set output
