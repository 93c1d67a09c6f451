# SPDX-License-Identifier: BSD-2-Clause
# How many messages a second each cell of a scenario passes.
# gnuplot -d -c throughput.gp svg|png|pdf, in the folder of the tables.

set datafile separator tab

# Whole decades, so that distances mean the same in every picture.
low = 1.
high = 10.
stats 'dots.dat' using 3 nooutput
if (exists('STATS_records') && STATS_records > 0 && STATS_min > 0) {
	low = 10. ** floor(log10(STATS_min))
	high = 10. ** ceil(log10(STATS_max))
	if (high <= low) { high = 10 * low }
}

format = ARG1
legend_px = 60.
lines = int(log10(high / low) + 0.5)
title_end = ': how many messages a second pass'
axis_name = 'messages a second, each line ten times more; right is better'
value_name = 'median'
scripts = ARG0[1:strlen(ARG0) - strlen('throughput.gp')]
load scripts.'common.gp'

# Told apart without colour vision (podo without yellow) and in grey by shape.
array colours[7] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x000000, \
	0x56b4e9, 0xe69f00]
array shapes[5] = [7, 5, 9, 13, 11]
floor_colour = 0x888888
colour(i, floor) = floor == 1 ? floor_colour : colours[int(i) % 7 + 1]
shape(i, floor) = floor == 1 ? 6 : shapes[int(i) % 5 + 1]
thin(colour) = colour + (0xa0 << 24)
text_colour(floor) = floor == 1 ? 0x777777 : 0x222222

# The numbers and the legend, in pixels.
plot 'cells.dat' using (value_at($1)):(row_at($2)):8:(text_colour($7)) \
	with labels left font small_font textcolor rgb variable, \
	'caption.dat' using (20):(legend_at(0)) \
	with points pointtype 7 pointsize 0.9 * mark linecolor rgb ink, \
	'' using (32):(legend_at(0)):('median of the rounds') \
	with labels left font small_font textcolor rgb ink, \
	'' using (206):(legend_at(0)):(192):(220) \
	with xerrorbars pointtype 0 linewidth 1.5 \
	linecolor rgb ink, \
	'' using (230):(legend_at(0)): \
	('holds the true median with 95 % (from 6 rounds on)') \
	with labels left font small_font textcolor rgb ink, \
	'' using (566):(legend_at(0)) \
	with points pointtype 7 pointsize 0.45 * mark linecolor rgb faint, \
	'' using (576):(legend_at(0)):('one observation') \
	with labels left font small_font textcolor rgb ink, \
	'' using (12):(legend_at(1)): \
	('–  no such cell: not in the plan, or it cannot work'. \
	'      !  observations left out: not ok or not verified') \
	with labels left font small_font textcolor rgb ink, \
	'' using (12):(legend_at(2)): \
	('Colour and shape: the backend.      Grey, dashed: a floor, no'. \
	' queue at all.      Height within a row means nothing.') \
	with labels left font small_font textcolor rgb ink

set logscale x
set xrange [low:high]
set logscale x2
set x2range [low:high]
set xtics nomirror scale 0.6 format '%.0s%c' font small_font \
	textcolor rgb ink
set x2tics nomirror scale 0.6 format '%.0s%c' font small_font \
	textcolor rgb ink
set errorbars 0.6
spread(y, round) = y + 0.3 * ((int(round) * 3) % 7 - 3) / 3.
in(i, panel, value) = i == panel ? value : NaN

do for [i = 0:panels - 1] {
	eval panel
	plot 'floors.dat' using (in(i, $1, $2)):3:(0):($4 - $3) \
		with vectors nohead dashtype 2 linewidth 1.2 \
		linecolor rgb floor_colour title 'floor', \
		'' using (in(i, $1, $2)):($3 + 0.5):5 with labels right \
		offset -1, 0 font small_font \
		textcolor rgb floor_colour title 'floor', \
		'dots.dat' using (in(i, $1, $3)):(spread($2, $6)): \
		(thin(colour($4, $5))) with points pointtype 7 \
		pointsize 0.45 * mark linecolor rgb variable title 'observations', \
		'cells.dat' using (in(i, $1, $3)):2:4:5: \
		(colour($6, $7)) with xerrorbars pointtype 0 \
		linewidth 1.5 linecolor rgb variable title 'intervals', \
		'' using (in(i, $1, $3)):2:(shape($6, $7)): \
		(colour($6, $7)) with points pointtype variable \
		pointsize 0.9 * mark linecolor rgb variable title 'medians', \
		'' using (in(i, $1, $3)):2:9 with labels hypertext \
		point pointtype 7 pointsize 1.5 linecolor rgb '#ff000000' \
		title 'medians'
}
unset multiplot
set output
