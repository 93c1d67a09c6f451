/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for the pictures of a sweep: curves, and maps of cells. */
#ifndef PLOT_SWEEP_H
#define PLOT_SWEEP_H

#include "fault.h"
#include "sweep.h"

/*
 * Writes the tables of sweep.gp (an axis without rows) and of map.gp into dir:
 *   curves.dat, series.dat, range.dat, ticks.dat   curves
 *   bounds.dat, bound_names.dat                    their bounds, dashed
 *   map.dat, columns.dat, rows.dat, panels.dat     a map's cells
 * A map has a row for each series, and for an axis with rows a panel for each.
 * Returns 0, or -1 with the fault set.
 */
int plot_sweep_write(const char *dir, const struct sweep *sweep,
		     struct fault *fault);

#endif
