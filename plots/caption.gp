# SPDX-License-Identifier: BSD-2-Clause
# Title, caption and legend of every picture, from caption.dat and legend.dat.
# A script loads this file twice. The first time it sets words_px, the width of
# the texts, and legend_px, the height of the legend. The second time, with
# width_px and height_px set and the terminal open, it draws the texts.
# All texts come from columns of tables, because gnuplot would run a command in
# backticks if the text were part of a script.

set encoding utf8
set datafile separator tab
set datafile missing "NaN"

ink = '#222222'
faint = '#666666' # readable on white and on the light bands
char_px = 6.8 # an upper limit for the mean width of a small letter

if (!exists('words_px')) {
	# Parts of a bar, from dark to light: the order stays in grey, and
	# without colour vision.
	array share_colours[6] = ['#0b3c6f', '#3f78b0', '#d9621a', \
		'#92c5e8', '#ffffff', '#d0d0d0']
	longest = 0.
	wider(px) = (longest = px > longest ? px : longest)
	stats 'caption.dat' using (wider(9.8 * strlen(strcol(1)))) nooutput
	stats 'caption.dat' using (wider(char_px * strlen(strcol(2)))) nooutput
	stats 'caption.dat' using (wider(char_px * strlen(strcol(3)))) nooutput
	stats 'caption.dat' using (wider(char_px * strlen(strcol(4)))) nooutput
	stats 'legend.dat' using (wider(46 + char_px * strlen(strcol(3)))) \
		nooutput
	words_px = longest + 24
	stats 'legend.dat' using 1 nooutput
	legend_px = 18. * (STATS_max + 1) + 12
	caption_px = 88. # height of the caption
} else {
	legend_at(n) = height_px - legend_px + 6 + 18 * n
	set margins screen 0, screen 1, screen 0, screen 1
	set xrange [0:width_px]
	set yrange [height_px:0]
	unset border
	unset tics
	unset key
	plot 'caption.dat' using (12):(20):1 \
		with labels left font title_font textcolor rgb ink, \
		'' using (12):(41):2 \
		with labels left font small_font textcolor rgb ink, \
		'' using (12):(58):3 \
		with labels left font small_font textcolor rgb faint, \
		'' using (12):(74):4 \
		with labels left font small_font textcolor rgb faint, \
		'legend.dat' using ($2 == 0 ? 12 : 46):(legend_at($1)):3 \
		with labels left font small_font textcolor rgb ink, \
		'' using ($2 == 1 ? 22 : NaN):(legend_at($1)) \
		with points pointtype 7 pointsize 0.9 * mark \
		linecolor rgb ink, \
		'' using ($2 == 2 ? 22 : NaN):(legend_at($1)):(12):(32) \
		with xerrorbars pointtype 0 linewidth 1.5 linecolor rgb ink, \
		'' using ($2 == 3 ? 22 : NaN):(legend_at($1)) \
		with points pointtype 7 pointsize 0.45 * mark \
		linecolor rgb faint, \
		'' using ($2 == 4 ? 12 : NaN):(legend_at($1)):(26):(0) \
		with vectors nohead dashtype 2 linewidth 1.5 \
		linecolor rgb '#888888', \
		'' using ($2 == 5 ? 22 : NaN):(legend_at($1)) \
		with points pointtype 6 pointsize 1.5 * mark \
		linecolor rgb ink, \
		for [k = 1:6] '' using (0):(0):($2 == k + 5 ? 14 : NaN):(30): \
		(legend_at($1) - 5):(legend_at($1) + 5) \
		with boxxyerror fill solid border linecolor rgb faint \
		fillcolor rgb share_colours[k]
}
