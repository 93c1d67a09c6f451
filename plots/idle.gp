# SPDX-License-Identifier: BSD-2-Clause
# How the threads spend their time in each cell of a scenario.
# gnuplot -d -c idle.gp svg|png|pdf, in the folder of the tables.

format = ARG1
lines = 4
scripts = ARG0[1:strlen(ARG0) - strlen('idle.gp')]
load scripts.'common.gp'

# The numbers, in pixels.
plot 'idle.dat' using (value_at($1)):(row_at($2)):7 \
	with labels left font small_font textcolor rgb ink

set xrange [0:100]
set x2range [0:100]
set xtics 25 nomirror scale 0.6 format '%.0f' font small_font \
	textcolor rgb ink
set x2tics 25 nomirror scale 0.6 format '%.0f' font small_font \
	textcolor rgb ink

# Start of part k of a bar. Part 5 starts at the end of the bar.
start(k) = 100. * (k < 2 ? 0 : k < 3 ? $3 : k < 4 ? $3 + $4 : \
	k < 5 ? $3 + $4 + $5 : 1)
in(i, panel, value) = i == panel ? value : NaN

do for [i = 0:panels - 1] {
	eval panel
	plot for [k = 1:4] 'idle.dat' using (in(i, $1, start(k) + 0 * $3)):2: \
		(start(k)):(start(k + 1)):($2 - 0.36):($2 + 0.36) \
		with boxxyerror fill solid border linecolor rgb faint \
		linewidth 0.6 fillcolor rgb share_colours[k], \
		for [k = 1:4] '' using \
		(in(i, $1, (start(k) + start(k + 1)) / 2)):2:8 \
		with labels hypertext point pointtype 5 pointsize 1.5 \
		linecolor rgb '#ff000000'
}
unset multiplot
set output
