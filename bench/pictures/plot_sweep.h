/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for the pictures of a sweep: curves or a map. */
#ifndef PLOT_SWEEP_H
#define PLOT_SWEEP_H

#include "fault.h"
#include "sweep.h"
#include "words.h"

/*
 * Writes the tables of sweep.gp, or of map.gp for an axis with rows, into dir,
 * and sets the words of the picture:
 *   curves.dat, series.dat, range.dat, ticks.dat   curves
 *   bounds.dat, bound_names.dat                    bounds of the curves, dashed
 *   map.dat, columns.dat, rows.dat, panels.dat     maps, one panel for each
 * series Returns 0, or -1 with the fault set.
 */
int plot_sweep_write(const char *dir, const struct sweep *sweep,
		     struct words *words, struct fault *fault);

#endif
