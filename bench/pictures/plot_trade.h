/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for a picture of two costs: each cell is a point, and cells that no
 * other cell beats in both costs are on the front. */
#ifndef PLOT_TRADE_H
#define PLOT_TRADE_H

#include "fault.h"
#include "groups.h"
#include "scenario.h"
#include "words.h"

/*
 * Writes points.dat, front.dat and series.dat into dir and sets the words of
 * the picture. Shows the cells of only one load, the load with the most cells.
 * *count is the number of points; fewer than 2: the run has no data for this
 * picture. Returns 0, or -1 with the fault set.
 */
int trade_write(const char *dir, const struct groups *groups,
		const char *scenario, const struct picture *picture,
		struct words *words, size_t *count, struct fault *fault);

#endif
