/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounds: the best rate that the machine could reach without a queue. */
#ifndef BOUND_H
#define BOUND_H

#include "groups.h"

/*
 * The backend that is the bound of the cell: `line` for a round trip, `lines`
 * for one producer and one consumer, `faa` for more threads. NULL: the cell has
 * no bound, or its backend is a bound itself.
 */
const char *bound_name(const struct record *row);

/*
 * Sets the bound of each group whose bound was measured in the same run. The
 * cell of the bound differs only in backend and capacity, because a bound has
 * no capacity.
 */
void bounds_find(struct groups *groups);

/* Median throughput of the group divided by the median throughput of its bound;
 * NaN if there is no bound. */
double bound_share(const struct group *group);

#endif
