/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs gnuplot without a shell, and does not believe its exit code. */
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
 * Runs `gnuplot -d -c script FORMAT` in data_dir, where the script leaves
 * picture.FORMAT, and moves that to `to` if it is complete. script and `to`
 * are absolute. Returns 0 or -1: EXIT_CHILD without gnuplot or when it fails,
 * EXIT_OUTPUT when the picture is not complete.
 */
int gnuplot_draw(const char *script, const char *data_dir,
		 enum gnuplot_format format, const char *to,
		 struct fault *fault);

/* Whether a file ends as its format says: gnuplot exits 0 on a full disk. */
bool gnuplot_complete(const char *path, enum gnuplot_format format);

#endif
