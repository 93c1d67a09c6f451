/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes an SVG of gnuplot say what it shows, without a script. */
#ifndef SVG_H
#define SVG_H

#include "fault.h"

/*
 * gnuplot calls each of its pictures "Gnuplot" and each part "gnuplot_plot_1",
 * and shows tooltips by a script. Rewrites the file: title and description of
 * the picture; tooltips as titles, which browsers show and screen readers
 * read; no other titles. Returns 0, or -1 with the fault set.
 */
int svg_describe(const char *path, const char *title, const char *description,
		 struct fault *fault);

#endif
