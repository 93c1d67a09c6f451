/* SPDX-License-Identifier: BSD-2-Clause */
/* Draws a run. For each scenario: objective, thread times, sweeps, and the
 * pictures that the scenario declares. For the run: its observations in their
 * order. */
#ifndef PLOT_H
#define PLOT_H

#include <limits.h>
#include <stddef.h>

#include "fault.h"
#include "paths.h"

struct run;

/* The lines below the title of every picture: machine, plan and revision. */
struct plot_caption {
	char machine[160];
	char plan[128];
	char revision[64];
	char date[32];
	int rounds;
};

enum {
	PLOT_PICTURES_MAX = 64,
	PLOT_NAME_MAX = 96,
};

/* Finds the folder of the gnuplot scripts. Returns 0, or -1 with the fault set
 * (EXIT_CHILD). */
int plot_find_scripts(char scripts[PATHS_MAX], struct fault *fault);

void plot_caption_of(const struct run *run, struct plot_caption *caption);

/* The pictures: dir/NAME.svg, .png, .pdf and .txt for each name. */
struct plot_pictures {
	char dir[PATH_MAX];
	char names[PLOT_PICTURES_MAX][PLOT_NAME_MAX];
	size_t count;
};

/*
 * Draws run_dir/results.csv into the folder `out` (NULL: run_dir/plots). host:
 * one host of a merged run, drawn into the folder HOST of that folder; "":
 * the run is not merged.
 * scripts_dir holds the gnuplot scripts. The tables for gnuplot stay in its
 * folders NAME/, also if drawing fails. Returns 0, or -1 with the fault set:
 *   EXIT_CHILD   gnuplot is missing or failed
 *   EXIT_OUTPUT  writing a table or a picture failed
 *   EXIT_DATA    results.csv cannot be read, or has nothing to draw
 * After a fault, `pictures` lists the pictures that were finished before.
 */
int plot_run(const char *run_dir, const char *host, const char *out,
	     const char *scripts_dir, const struct plot_caption *caption,
	     struct plot_pictures *pictures, struct fault *fault);

#endif
