# SPDX-License-Identifier: BSD-2-Clause
# A map of cells: messages a second by two things, as a number and a colour.
# gnuplot -d -c map.gp svg|png|pdf, in the folder of the tables.
# Texts come from columns of the tables only; see common.gp.

set encoding utf8
set datafile separator tab
format = ARG1
scripts = ARG0[1:strlen(ARG0) - strlen('map.gp')]

ink = '#222222'
faint = '#777777'
caption(n) = 'plan '.strcol(3).', '.strcol(4). \
	(column(4) == 1 ? ' round' : ' rounds').', revision '.strcol(5). \
	', '.strcol(6)

# ---- Sizes and places, in pixels from the upper left corner.
longest = 0
widest(text) = (longest = strlen(text) > longest ? strlen(text) : longest)
stats 'columns.dat' using (widest(strcol(2)), $1) nooutput
columns = int(STATS_max) + 1
stats 'map.dat' using (widest(strcol(7)), $1) nooutput
cell_w = 6.2 * longest + 8 > 52 ? 6.2 * longest + 8 : 52
longest = 0
stats 'rows.dat' using (widest(strcol(2)), $1) nooutput
rows = int(STATS_max) + 1
cell_h = 48 # three lines of text
left_px = 24 + 7.2 * longest
stats 'panels.dat' using 1 nooutput
panels = int(STATS_max) + 1

abreast = panels < 3 ? panels : 3
panel_w = left_px + columns * cell_w + 16
panel_h = rows * cell_h + 60
top_px = 112
longest = 90
stats 'caption.dat' using (widest(strcol(2)), $4) nooutput
width_px = abreast * panel_w + 8
width_px = width_px > 32 + 7.2 * longest ? width_px : 32 + 7.2 * longest
height_px = top_px + ceil(1. * panels / abreast) * panel_h + 56
load scripts.'terminal.gp'
panel_x(p) = 8 + (int(p) % abreast) * panel_w
panel_y(p) = top_px + (int(p) / abreast) * panel_h
cell_x(p, c) = panel_x(p) + left_px + c * cell_w
cell_y(p, r) = panel_y(p) + 40 + r * cell_h

# ---- Colours: viridis, which stays in order in grey and without colour vision.
set palette defined (0 '#440154', 1 '#472c7a', 2 '#3b518b', 3 '#2c718e', \
	4 '#21908d', 5 '#27ad81', 6 '#5cc863', 7 '#aadc32', 8 '#fde725')
stats 'map.dat' using 4 nooutput
low = STATS_min
high = STATS_max > low ? STATS_max : 1.1 * low
set logscale cb
set cbrange [low:high]
at(value) = log10(value / low) / log10(high / low)
text_colour(value) = at(value) < 0.55 ? 0xffffff : 0x000000
set colorbox horizontal user origin 12. / width_px, 30. / height_px \
	size 300. / width_px, 12. / height_px
set cbtics format '%.0s%c' font small_font textcolor rgb ink scale 0.5

set margins screen 0, screen 1, screen 0, screen 1
set xrange [0:width_px]
set yrange [height_px:0]
unset border
unset xtics
unset ytics
unset key
plot 'map.dat' using (cell_x($1, $2)):(cell_y($1, $3)): \
	(cell_x($1, $2)):(cell_x($1, $2) + cell_w): \
	(cell_y($1, $3)):(cell_y($1, $3) + cell_h):4 \
	with boxxyerror fill solid noborder linecolor palette, \
	'' using (cell_x($1, $2) + cell_w / 2):(cell_y($1, $3) + 12):5: \
	(text_colour($4)) with labels center font text_font \
	textcolor rgb variable, \
	'' using (cell_x($1, $2) + cell_w / 2):(cell_y($1, $3) + 27):6: \
	(text_colour($4)) with labels center font small_font \
	textcolor rgb variable, \
	'' using (cell_x($1, $2) + cell_w / 2):(cell_y($1, $3) + 40):7: \
	(text_colour($4)) with labels center font small_font \
	textcolor rgb variable, \
	'caption.dat' using (324):(height_px - 36):('messages a second') \
	with labels left font small_font textcolor rgb faint, \
	'panels.dat' using (cell_x($1, 0)):(panel_y($1) + 4):2 \
	with labels left font bold_font textcolor rgb ink, \
	for [p = 0:panels - 1] 'columns.dat' \
	using (cell_x(p, $1 + 0.5)):(panel_y(p) + 28):2 \
	with labels center font small_font textcolor rgb ink, \
	for [p = 0:panels - 1] 'rows.dat' \
	using (cell_x(p, 0) - 8):(cell_y(p, $1 + 0.5)):2 \
	with labels right font small_font textcolor rgb ink, \
	'caption.dat' using (12):(22): \
	(strcol(1).': messages a second, cell by cell') \
	with labels left font title_font textcolor rgb ink, \
	'' using (12):(46):2 \
	with labels left font small_font textcolor rgb faint, \
	'' using (12):(63):(caption(0)) \
	with labels left font small_font textcolor rgb faint, \
	'' using (12):(86):('Columns: '.strcol(7). \
	(strlen(strcol(8)) ? '.  Rows: '.strcol(8) : '').'.  In a cell: '. \
	'the median, and its share of the bound where that was measured') \
	with labels left font small_font textcolor rgb ink
set output
