# SPDX-License-Identifier: BSD-2-Clause
# The picture of `make prove-slowdown`: how often the test detects a deliberate
# slowdown, by number of rounds. Reads detection.dat in the working folder of
# gnuplot. The file has a block for each slowdown: the name, then lines "rounds
# found predicted verdict" (written by tests/prove/detect.c). The variables
# `points` and `lines` name what the columns "found" and "predicted" show.

set terminal svg size 900, 560 noenhanced font 'sans-serif,12' \
	mouse standalone background 'white'
set output 'picture.svg'
set encoding utf8
set datafile missing 'nan'
array colours[4] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7]

if (!exists('points')) points = 'found'
if (!exists('lines')) lines = 'predicted'
set title 'Planted slowdowns: how often so many rounds find them'
set xlabel 'rounds'
set ylabel 'share of draws with p at most 5 %'
set logscale x 2
set xtics (6, 8, 12, 16, 24, 32, 48, 64, 96)
set yrange [0:1.02]
set key outside right center samplen 2
set border 3
set tics nomirror
set grid linecolor rgb '#dddddd' linetype 1

stats 'detection.dat' using 1:3 nooutput
plot for [i = 0:STATS_blocks - 1] 'detection.dat' index i using 1:3 \
	with lines linecolor rgb colours[i + 1] linewidth 1.5 notitle, \
	for [i = 0:STATS_blocks - 1] '' index i using 1:2 \
	with points linecolor rgb colours[i + 1] pointtype 7 \
	pointsize 0.8 title columnheader(1), \
	keyentry with lines linecolor rgb '#222222' title lines, \
	keyentry with points pointtype 7 linecolor rgb '#222222' \
	title points
set output
