/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables as gnuplot reads them. */
#ifndef PLOT_TABLE_H
#define PLOT_TABLE_H

#include <stdio.h>

#include "fault.h"

/* A new file in dir, its first line a comment; NULL with the fault set. */
FILE *plot_table_open(const char *dir, const char *name, const char *header,
		      struct fault *fault);
/* Returns 0, or -1 when it could not be written whole. */
int plot_table_close(FILE *file, const char *dir, const char *name,
		     struct fault *fault);

/*
 * Writes a text in double quotes as gnuplot reads it. gnuplot puts a tooltip
 * into an SVG as a string of JavaScript without escaping quotes, so quotes
 * and backslashes become letters that look alike; what is not UTF-8 becomes a
 * question mark.
 */
void plot_put_text(FILE *file, const char *text);

/* The same without the quotes; "\n" starts a new line of a tooltip. */
void plot_put_inside(FILE *file, const char *text);

#endif
