# SPDX-License-Identifier: BSD-2-Clause
# What all pictures share: their size, their frame and where the panels are.
# Before loading it a script sets scripts (their folder), format, legend_px,
# lines (stretches of an axis between grid lines), title_end, axis_name and
# value_name.
#
# The scripts are constant and get nothing but tables, from the folder that
# gnuplot runs in (bench/pictures/plot_data.c writes them). Texts come from
# columns of these tables only: gnuplot would run a backtick in a script.

set encoding utf8
set datafile separator tab
set datafile missing "NaN"

ink = '#222222'
faint = '#777777'

# The second line of a caption.
caption(n) = 'plan '.strcol(3).', '.strcol(4). \
	(column(4) == 1 ? ' round' : ' rounds').', revision '.strcol(5). \
	', '.strcol(6)

# ---- Sizes, in pixels of the SVG; the PNG has twice as many.
row_px = 18.
char_px = 7.2  # an upper limit for the width of a letter
panel_px = 390.
value_px = 96. # the column of numbers right of a panel
top_px = 134.  # title, caption, panel's name, upper axis
bottom_px = 66.

longest = 0
widest(text) = (longest = strlen(text) > longest ? strlen(text) : longest)

stats 'rows.dat' using (widest(strcol(4)), $3) nooutput
rows = STATS_max
label_px = 18 + char_px * longest
longest = 0
stats 'bands.dat' using (widest(strcol(4)), $3) nooutput
band_px = 22 + char_px * longest
stats 'panels.dat' using 1 nooutput
panels = int(STATS_max) + 1
gutter_px = band_px + label_px

# The caption's lines, and the legend, may be wider than the panels.
longest = 90
stats 'caption.dat' using (widest(strcol(2)), $4) nooutput
stats 'caption.dat' using (widest(caption(0)), $4) nooutput
needed_px = 32 + char_px * longest
needed_px = (needed_px - gutter_px) / panels - value_px
panel_px = panel_px > needed_px ? panel_px : needed_px

width_px = gutter_px + panels * (panel_px + value_px) + 8
height_px = top_px + rows * row_px + bottom_px + legend_px

load scripts.'terminal.gp'

# ---- Places, in pixels from the upper left corner.
panel_left(i) = gutter_px + i * (panel_px + value_px)
value_at(i) = panel_left(i) + panel_px + 12
row_at(y) = top_px + y * row_px
legend_at(n) = row_at(rows) + bottom_px + n * 20

line_at(i, k) = panel_left(i) + k * panel_px / lines
middle_of(i) = panel_left(i) + panel_px / 2

set multiplot

# ---- All but the data: one plot over the whole canvas, in pixels.
set margins screen 0, screen 1, screen 0, screen 1
set xrange [0:width_px]
set yrange [height_px:0]
unset border
unset tics
unset key
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
	'panels.dat' using (value_at($1)):(top_px - 44):(value_name) \
	with labels left font small_font textcolor rgb faint, \
	'panels.dat' using (middle_of($1)):(row_at(rows) + 38):(axis_name) \
	with labels center font small_font textcolor rgb ink, \
	'caption.dat' using (12):(22):(strcol(1).title_end) \
	with labels left font title_font textcolor rgb ink, \
	'caption.dat' using (12):(46):2 \
	with labels left font small_font textcolor rgb faint, \
	'caption.dat' using (12):(63):(caption(0)) \
	with labels left font small_font textcolor rgb faint

# ---- The panel of one number of queues, in rows from the top.
panel = "set lmargin at screen panel_left(i) / width_px; \
	set rmargin at screen (panel_left(i) + panel_px) / width_px; \
	set tmargin at screen 1 - row_at(0) / height_px; \
	set bmargin at screen 1 - row_at(rows) / height_px; \
	set yrange [rows:0]; set border 5 linecolor rgb faint"
