/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for the pictures that a scenario declares; see scenario.h. */
#ifndef PLOT_CURVES_H
#define PLOT_CURVES_H

#include "fault.h"
#include "groups.h"
#include "scenario.h"

/*
 * Writes curves.dat and series.dat into dir: one value against another, by
 * series. *count is the number of series; 0: the run has nothing for the
 * picture. Returns 0, or -1 with the fault set.
 */
int curves_write(const char *dir, const struct groups *groups,
		 const char *scenario, const struct picture *picture,
		 size_t *count, struct fault *fault);

#endif
