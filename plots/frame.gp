# SPDX-License-Identifier: BSD-2-Clause
# The frame of sweep.gp, curves.gp and histogram.gp. A script sets the variables
# scripts (folder of the scripts) and format, loads this file, and then draws.
# Reads series.dat and the tables of caption.gp.

load scripts.'caption.gp'

longest = 0.
stats 'series.dat' using (wider(char_px * strlen(strcol(2))), $1) nooutput
series = int(STATS_max) + 1
array colours[series]
array shapes[series]
array dashes[series]
stats 'series.dat' using (colours[int($1) + 1] = $3, \
	shapes[int($1) + 1] = int($4), dashes[int($1) + 1] = int($5), $1) nooutput
colour(i) = colours[int(i) + 1]
shape(i) = shapes[int(i) + 1]
dash(i) = dashes[int(i) + 1]

plot_left = 70.
plot_right = 860.
top_px = caption_px + 26
bottom_px = 58.
names_px = 56. + longest
width_px = plot_right + names_px
width_px = width_px > words_px ? width_px : words_px
plot_right = width_px - names_px
plot_px = 400. > 20 * series ? 400. : 20. * series
height_px = top_px + plot_px + bottom_px + legend_px

load scripts.'terminal.gp'
name_at(i) = top_px + 6 + 20 * i

set multiplot
load scripts.'caption.gp'
plot 'caption.dat' using (plot_left):(top_px - 12):6 \
	with labels left font small_font textcolor rgb ink, \
	'' using ((plot_left + plot_right) / 2):(top_px + plot_px + 40):5 \
	with labels center font small_font textcolor rgb ink, \
	for [i = 0:series - 1] 'series.dat' every ::i::i \
	using (plot_right + 14):(name_at($1)):(24):(0) with vectors nohead \
	linecolor rgb colour(i) dashtype dash(i), \
	'series.dat' using (plot_right + 26):(name_at($1)):4:3 \
	with points pointtype variable pointsize 1.2 * mark \
	linecolor rgb variable, \
	'' using (plot_right + 44):(name_at($1)):2 \
	with labels left font small_font textcolor rgb ink

set lmargin at screen plot_left / width_px
set rmargin at screen plot_right / width_px
set tmargin at screen 1 - top_px / height_px
set bmargin at screen (bottom_px + legend_px) / height_px
set border 3 linecolor rgb faint
set grid linecolor rgb '#dddddd' linetype 1
set xtics nomirror scale 0.6 font small_font textcolor rgb ink
set ytics nomirror scale 0.6 font small_font textcolor rgb ink
set errorbars 0.6
unset xrange
unset yrange
