# SPDX-License-Identifier: BSD-2-Clause
# A picture of curves: what speedup.gp, wakeup.gp and sweep.gp share. Before
# loading it a script sets scripts (their folder), format, title_end, y_name and
# x_name(n), a text or a column of caption.dat, and after it draws.
# Texts come from columns of the tables only; see common.gp.

set encoding utf8
set datafile separator tab

ink = '#222222'
faint = '#777777'
caption(n) = 'plan '.strcol(3).', '.strcol(4). \
	(column(4) == 1 ? ' round' : ' rounds').', revision '.strcol(5). \
	', '.strcol(6)
array colours[7] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x000000, \
	0x56b4e9, 0xe69f00]
array shapes[5] = [7, 5, 9, 13, 11]
colour(i) = colours[int(i) % 7 + 1]
shape(i) = shapes[int(i) % 5 + 1]
# Beyond seven curves colours come again, with another dash.
dash(i) = int(i) / 7 + 1

longest = 0
widest(text) = (longest = strlen(text) > longest ? strlen(text) : longest)
stats 'series.dat' using (widest(strcol(2)), $1) nooutput
series = int(STATS_max) + 1

width_px = 916. + 7.4 * longest
height_px = 560. > 140 + 20 * series ? 560. : 140. + 20 * series
plot_right = 860.

load scripts.'terminal.gp'
legend_at(i) = 110. + 20 * i

set multiplot
set margins screen 0, screen 1, screen 0, screen 1
set xrange [0:width_px]
set yrange [height_px:0]
unset border
unset tics
unset key
plot 'caption.dat' using (12):(22):(strcol(1).title_end) \
	with labels left font title_font textcolor rgb ink, \
	'' using (12):(46):2 with labels left font small_font \
	textcolor rgb faint, \
	'' using (12):(63):(caption(0)) with labels left font small_font \
	textcolor rgb faint, \
	'' using (70):(92):(y_name) with labels left font small_font \
	textcolor rgb ink, \
	'' using ((70 + plot_right) / 2):(height_px - 16):(x_name(0)) \
	with labels center font small_font textcolor rgb ink, \
	'series.dat' using (plot_right + 30):(legend_at($1)):(shape($1)): \
	(colour($1)) with points pointtype variable linecolor rgb variable, \
	'' using (plot_right + 44):(legend_at($1)):2:(colour($1)) \
	with labels left font small_font textcolor rgb variable

set lmargin at screen 70. / width_px
set rmargin at screen plot_right / width_px
set tmargin at screen 1 - 104. / height_px
set bmargin at screen 56. / height_px
set border 3 linecolor rgb faint
set grid linecolor rgb '#dddddd' linetype 1
set xtics nomirror scale 0.6 font small_font textcolor rgb ink
set ytics nomirror scale 0.6 font small_font textcolor rgb ink
unset xrange
unset yrange
