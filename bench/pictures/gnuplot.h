/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs gnuplot without a shell and checks the files that it writes. */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include <stdbool.h>

#include "fault.h"

enum gnuplot_format {
	GNUPLOT_SVG,
	GNUPLOT_PNG,
	GNUPLOT_PDF,
	GNUPLOT_FORMATS
};

/* "svg", "png" or "pdf". */
const char *gnuplot_extension(enum gnuplot_format format);

/*
 * Runs `gnuplot -d -c script FORMAT` in data_dir, where the script writes
 * picture.FORMAT, and moves this file to `to` if it is complete. script and
 * `to` are absolute. Returns 0 or -1: EXIT_CHILD if gnuplot is missing or
 * fails, EXIT_OUTPUT if the picture is incomplete.
 */
int gnuplot_draw(const char *script, const char *data_dir,
		 enum gnuplot_format format, const char *to,
		 struct fault *fault);

/* Whether the file ends as a complete file of its format does. On a full disk,
 * gnuplot writes a part of the file and exits with 0. */
bool gnuplot_complete(const char *path, enum gnuplot_format format);

#endif
