/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes tables that the gnuplot scripts in plots/ draw. */
#ifndef PLOT_DATA_H
#define PLOT_DATA_H

#include <stdio.h>

#include "fault.h"
#include "plot_layout.h"
#include "words.h"

/* Writes the cell's name, the first line of its tooltip, or the number of its
 * observations, the last line. */
void plot_put_name(FILE *file, const struct group *group);
void plot_put_counts(FILE *file, const struct group *group);

/*
 * Writes the tables of throughput.gp into dir and sets the words of the
 * picture. Returns 0, or -1 with the fault set.
 */
int plot_data_write(const char *dir, const char *scenario, int objective,
		    const struct plot_layout *layout, struct words *words,
		    struct fault *fault);

#endif
