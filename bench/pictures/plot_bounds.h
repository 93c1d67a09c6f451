/* SPDX-License-Identifier: BSD-2-Clause */
/* The bounds of a sweep's cells, for sweep.gp. */
#ifndef PLOT_BOUNDS_H
#define PLOT_BOUNDS_H

#include "fault.h"
#include "sweep.h"

/*
 * Writes two tables into dir. bounds.dat: dashed lines between neighbouring
 * bounds along the axis. bound_names.dat: a name at the first point of each
 * line. Returns 0, or -1 with the fault set.
 */
int plot_bounds_write(const char *dir, const struct sweep *sweep,
		      struct fault *fault);

#endif
