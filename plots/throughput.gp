# SPDX-License-Identifier: BSD-2-Clause
# The objective of each cell of a scenario: median, interval, observations.
# gnuplot -d -c throughput.gp svg|png|pdf, in the folder of the tables.

set datafile separator tab

# The axis covers whole decades, so that equal distances are equal ratios in
# every picture, and no edge cuts a mark.
low = 1.
high = 10.
stats 'dots.dat' using ($3 > 0 ? $3 : NaN) nooutput
if (exists('STATS_records') && STATS_records > 0) {
	low = 10. ** floor(log10(STATS_min / 1.05))
	high = 10. ** ceil(log10(STATS_max * 1.05))
	if (high <= low) { high = 10 * low }
}

format = ARG1
lines = int(log10(high / low) + 0.5)
scripts = ARG0[1:strlen(ARG0) - strlen('throughput.gp')]
load scripts.'common.gp'

bound_colour = 0x888888
thin(colour) = colour + (0xa0 << 24)
text_colour(mark) = mark == 6 ? 0x666666 : 0x222222

# The numbers, in pixels.
plot 'cells.dat' using (value_at($1)):(row_at($2)):8:(text_colour($7)) \
	with labels left font small_font textcolor rgb variable

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
	plot 'bounds.dat' using (in(i, $1, $2)):3:(0):($4 - $3) \
		with vectors nohead dashtype 2 linewidth 1.2 \
		linecolor rgb bound_colour, \
		'dots.dat' using (in(i, $1, $3)):(spread($2, $5)): \
		(thin($4)) with points pointtype 7 \
		pointsize 0.45 * mark linecolor rgb variable, \
		'cells.dat' using (in(i, $1, $3)):2:4:5:6 \
		with xerrorbars pointtype 0 linewidth 1.5 \
		linecolor rgb variable, \
		'' using (in(i, $1, $3)):2:7:6 with points pointtype variable \
		pointsize 0.9 * mark linecolor rgb variable, \
		'' using (in(i, $1, $3)):2:9 with labels hypertext \
		point pointtype 7 pointsize 1.5 linecolor rgb '#ff000000'
}
unset multiplot
set output
