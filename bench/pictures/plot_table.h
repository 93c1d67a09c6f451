/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables in the format of gnuplot. */
#ifndef PLOT_TABLE_H
#define PLOT_TABLE_H

#include <stdio.h>

#include "fault.h"

/* Creates a file in dir with the comment `header` as its first line. Returns
 * NULL with the fault set if this fails. */
FILE *plot_table_open(const char *dir, const char *name, const char *header,
		      struct fault *fault);
/* Closes the file. Returns 0, or -1 with the fault set if a write failed. */
int plot_table_close(FILE *file, const char *dir, const char *name,
		     struct fault *fault);

/*
 * Writes a text in double quotes for gnuplot. gnuplot copies a tooltip into a
 * JavaScript string of the SVG without escaping quotes, so this function
 * replaces quotes and backslashes by similar characters, and each byte that is
 * not UTF-8 by a question mark.
 */
void plot_put_text(FILE *file, const char *text);

/* Like plot_put_text(), without the quotes. "\n" starts a new line of a
 * tooltip. */
void plot_put_inside(FILE *file, const char *text);

#endif
