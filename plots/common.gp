# SPDX-License-Identifier: BSD-2-Clause
# Size, frame and panels of all pictures that show cells in rows. A script sets
# these variables before it loads this file: scripts (folder of the scripts),
# format, and lines (number of intervals between grid lines). The tables are in
# the working folder of gnuplot; bench/pictures/plot_data.c writes them.

load scripts.'caption.gp'

# ---- Sizes, in pixels of the SVG; the PNG has twice as many.
if (!exists('row_px')) row_px = 18.
panel_px = 390.
# the column of numbers right of a panel
if (!exists('value_px')) value_px = 96.
top_px = caption_px + 66 # panel's name, upper axis
bottom_px = 62.

longest = 0.
stats 'rows.dat' using (wider(char_px * strlen(strcol(4))), $3) nooutput
rows = STATS_max
label_px = 18 + longest
longest = 0.
stats 'bands.dat' using (wider(7.4 * strlen(strcol(4))), $3) nooutput
band_px = 22 + longest
stats 'panels.dat' using 1 nooutput
panels = int(STATS_max) + 1
gutter_px = band_px + label_px

# The texts can be wider than the panels.
longest = words_px
stats 'facets.dat' using (wider(24 + 8.2 * strlen(strcol(4))), $3) nooutput
# The title of the axis is centred below each panel.
stats 'caption.dat' using (axis_px = char_px * strlen(strcol(5))) nooutput
panel_px = panel_px > axis_px - value_px ? panel_px : axis_px - value_px
needed_px = (longest - gutter_px) / panels - value_px
panel_px = panel_px > needed_px ? panel_px : needed_px

width_px = gutter_px + panels * (panel_px + value_px) + 8
height_px = top_px + rows * row_px + bottom_px + legend_px

load scripts.'terminal.gp'

# ---- Places, in pixels from the upper left corner.
panel_left(i) = gutter_px + i * (panel_px + value_px)
value_at(i) = panel_left(i) + panel_px + 12
row_at(y) = top_px + y * row_px

line_at(i, k) = panel_left(i) + k * panel_px / lines
middle_of(i) = panel_left(i) + panel_px / 2

set multiplot
load scripts.'caption.gp'

# ---- Everything except the data: one plot of the whole canvas, in pixels.
plot 'bands.dat' \
	using (0):(0):(8):(width_px - 8):(row_at($2)):(row_at($3)): \
	(int($1) % 2 ? 0xffffff : 0xf3f3f3) \
	with boxxyerror fill solid noborder linecolor rgb variable, \
	for [i = 0:panels - 1] for [k = 0:lines] 'bands.dat' \
	using (line_at(i, k)):(row_at($2)):(0):(row_at($3) - row_at($2)) \
	with vectors nohead linecolor rgb '#cccccc', \
	'facets.dat' using (8):(row_at($2 + 0.8)):4 \
	with labels left font bold_font textcolor rgb ink, \
	'bands.dat' using (16):(row_at($2 + 0.5)):4 \
	with labels left font text_font textcolor rgb ink, \
	'rows.dat' using (gutter_px - 10):(row_at($2 + 0.5)):4 \
	with labels right font small_font textcolor rgb ink, \
	'absent.dat' using (value_at($1)):(row_at($2)):('–') \
	with labels left font small_font textcolor rgb faint, \
	'panels.dat' using (middle_of($1)):(top_px - 44):4 \
	with labels center font bold_font textcolor rgb ink, \
	for [i = 0:panels - 1] 'caption.dat' \
	using (value_at(i)):(top_px - 44):7 \
	with labels left font small_font textcolor rgb faint, \
	for [i = 0:panels - 1] '' using (middle_of(i)):(row_at(rows) + 38):5 \
	with labels center font small_font textcolor rgb ink

# ---- The panel for a number of queues; y is in rows from the top.
panel = "set lmargin at screen panel_left(i) / width_px; \
	set rmargin at screen (panel_left(i) + panel_px) / width_px; \
	set tmargin at screen 1 - row_at(0) / height_px; \
	set bmargin at screen 1 - row_at(rows) / height_px; \
	set yrange [rows:0]; set border 5 linecolor rgb faint"
