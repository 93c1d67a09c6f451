/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for pictures of curves: one value against another, by series. */
#ifndef PLOT_CURVES_H
#define PLOT_CURVES_H

#include "fault.h"
#include "groups.h"

/*
 * Writes curves.dat and series.dat into dir: for pipeline the speed-up by the
 * number of downloaders, for handshake the share of waiters that run again by
 * so many ns. Returns the name of the picture, NULL where the scenario has
 * none or the run no points for it; *error is -1 with the fault set.
 */
const char *curves_write(const char *dir, const struct groups *groups,
			 const char *scenario, int *error, struct fault *fault);

#endif
