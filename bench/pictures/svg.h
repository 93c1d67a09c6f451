/* SPDX-License-Identifier: BSD-2-Clause */
/* Adds titles and descriptions to an SVG of gnuplot, and puts the SVG into a
 * page. */
#ifndef SVG_H
#define SVG_H

#include <stdio.h>

#include "fault.h"

/*
 * gnuplot gives each picture the title "Gnuplot" and each part a title such as
 * "gnuplot_plot_1", and shows tooltips with a script. This function rewrites
 * the file: sets the title and the description of the picture, turns tooltips
 * into titles, which browsers show and screen readers read, and removes all
 * other titles. Returns 0, or -1 with the fault set.
 */
int svg_describe(const char *path, const char *title, const char *description,
		 struct fault *fault);

/*
 * Prints the SVG as an element of an HTML page. Identifiers get the prefix, so
 * that they are unique in the page. The element's label is the title of the
 * picture. A tall picture has the class "tall". Elements of the class "slice"
 * follow, which show its parts on paper. Returns 0, or -1 with the fault set.
 */
int svg_inline(const char *path, const char *prefix, FILE *to,
	       struct fault *fault);

#endif
