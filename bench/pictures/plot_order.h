/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for the run-order picture, in which a drift of the machine shows as a
 * trend. */
#ifndef PLOT_ORDER_H
#define PLOT_ORDER_H

#include "fault.h"
#include "groups.h"
#include "words.h"

/*
 * Writes order.dat, rounds.dat and series.dat into dir and sets the words of
 * the picture. *count is the number of observations; fewer than 2: there is
 * nothing to draw. Returns 0, or -1 with the fault set.
 */
int order_write(const char *dir, const struct groups *groups,
		struct words *words, size_t *count, struct fault *fault);

#endif
