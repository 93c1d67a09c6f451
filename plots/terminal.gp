# SPDX-License-Identifier: BSD-2-Clause
# The terminal of each format, and the fonts. A script sets format, width_px and
# height_px (in pixels of the SVG; the PNG has twice as many) before it loads
# this file. The size of a point differs between terminals.

if (format eq 'svg') {
	family = 'sans-serif'
	heading = family # without enhanced text an SVG has no bold
	letter = 1. # units of the font for a pixel
	mark = 0.75 # size of a symbol
	set terminal svg size width_px, height_px noenhanced \
		font 'sans-serif,12' background 'white'
	set output 'picture.svg'
}
if (format eq 'png') {
	family = 'Sans'
	heading = 'Sans:Bold'
	letter = 0.75
	mark = 1.1
	set terminal pngcairo size 2 * width_px, 2 * height_px noenhanced \
		font 'Sans,9' fontscale 2 linewidth 2 pointscale 2 \
		background 'white'
	set output 'picture.png'
}
if (format eq 'pdf') {
	family = 'Sans'
	heading = 'Sans:Bold'
	letter = 0.5625
	mark = 0.9
	set terminal pdfcairo size width_px / 96., height_px / 96. \
		noenhanced font 'Sans,6.75' fontscale 1 linewidth 1 \
		background 'white'
	set output 'picture.pdf'
}
title_font = sprintf('%s,%g', heading, 16 * letter)
bold_font = sprintf('%s,%g', heading, 13 * letter)
text_font = sprintf('%s,%g', family, 12 * letter)
small_font = sprintf('%s,%g', family, 11 * letter)
