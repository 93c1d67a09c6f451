# SPDX-License-Identifier: BSD-2-Clause
# Maps of cells: the objective over two parameters, as a number and a colour.
# gnuplot -d -c map.gp svg|png|pdf, in the folder of the tables.

format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('map.gp')]
load scripts.'caption.gp'

# ---- Sizes and places, in pixels from the upper left corner.
longest = 0.
stats 'columns.dat' using (wider(char_px * strlen(strcol(2))), $1) nooutput
columns = int(STATS_max) + 1
stats 'map.dat' using (wider(6.8 * strlen(strcol(7))), $1) nooutput
cell_w = longest + 8 > 52 ? longest + 8 : 52
longest = 0.
stats 'rows.dat' using (wider(char_px * strlen(strcol(2))), $1) nooutput
rows = int(STATS_max) + 1
cell_h = 48 # three lines of text
left_px = 44 + longest # the name of the rows stands upright before them
longest = 0.
stats 'panels.dat' using (wider(8.2 * strlen(strcol(2))), $1) nooutput
panels = int(STATS_max) + 1

abreast = panels < 3 ? panels : 3
panel_w = left_px + (columns * cell_w > longest ? columns * cell_w : longest) + 16
panel_h = rows * cell_h + 78
top_px = caption_px + 14
width_px = abreast * panel_w + 8
width_px = width_px > words_px ? width_px : words_px
width_px = width_px > 480 ? width_px : 480
bar_px = 50. # the scale of colours
height_px = top_px + ceil(1. * panels / abreast) * panel_h + bar_px + legend_px
load scripts.'terminal.gp'
panel_x(p) = 8 + (int(p) % abreast) * panel_w
panel_y(p) = top_px + (int(p) / abreast) * panel_h
cell_x(p, c) = panel_x(p) + left_px + c * cell_w
cell_y(p, r) = panel_y(p) + 56 + r * cell_h
bar_y = height_px - legend_px - 30

# ---- Colours from light to less light, whose order is visible in greyscale and to
# colour-blind readers. Black texts are readable on each of them, and white texts
# in the inverted picture that a dark page shows.
set palette defined (0 '#fdf3cc', 1 '#d9ecb4', 2 '#a3dab8', 3 '#7fc4dc')
stats 'map.dat' using 4 nooutput
low = STATS_min
high = STATS_max > low ? STATS_max : 1.1 * low
set logscale cb
set cbrange [low:high]
set colorbox horizontal user origin 32. / width_px, \
	1 - bar_y / height_px size 300. / width_px, 12. / height_px

set multiplot
load scripts.'caption.gp'
set cbtics format '%.0s%c' font small_font textcolor rgb ink scale 0.5
plot 'map.dat' using (cell_x($1, $2)):(cell_y($1, $3)): \
	(cell_x($1, $2)):(cell_x($1, $2) + cell_w): \
	(cell_y($1, $3)):(cell_y($1, $3) + cell_h):4 \
	with boxxyerror fill solid noborder linecolor palette, \
	'' using (cell_x($1, $2) + cell_w / 2):(cell_y($1, $3) + 12):5 \
	with labels center font text_font textcolor rgb 'black', \
	'' using (cell_x($1, $2) + cell_w / 2):(cell_y($1, $3) + 27):6 \
	with labels center font small_font textcolor rgb 'black', \
	'' using (cell_x($1, $2) + cell_w / 2):(cell_y($1, $3) + 40):7 \
	with labels center font small_font textcolor rgb 'black', \
	'caption.dat' using (344):(bar_y - 6):7 \
	with labels left font small_font textcolor rgb ink, \
	'panels.dat' using (cell_x($1, 0)):(panel_y($1) + 6):2 \
	with labels left font bold_font textcolor rgb ink, \
	for [p = 0:panels - 1] 'caption.dat' \
	using (cell_x(p, 0.5 * columns)):(panel_y(p) + 27):5 \
	with labels center font small_font textcolor rgb ink, \
	for [p = 0:panels - 1] '' \
	using (panel_x(p) + 12):(cell_y(p, 0.5 * rows)):6 \
	with labels center rotate by 90 font small_font textcolor rgb ink, \
	for [p = 0:panels - 1] 'columns.dat' \
	using (cell_x(p, $1 + 0.5)):(panel_y(p) + 45):2 \
	with labels center font small_font textcolor rgb ink, \
	for [p = 0:panels - 1] 'rows.dat' \
	using (cell_x(p, 0) - 8):(cell_y(p, $1 + 0.5)):2 \
	with labels right font small_font textcolor rgb ink
unset multiplot
set output
