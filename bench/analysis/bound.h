/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bounds: what is fastest where nothing has to be a queue. A floor of the cost
 * is a bound of the rate.
 */
#ifndef BOUND_H
#define BOUND_H

#include "groups.h"

/*
 * The floor that bounds such a cell: line where one message goes through two
 * queues, lines from one thread to one other, faa between more threads. NULL:
 * none does, or the cell is a floor itself.
 */
const char *bound_name(const struct record *row);

/*
 * Sets the bound of every group whose bound was measured in the same run: in a
 * cell that differs in backend and capacity only, as a floor has no capacity.
 */
void bounds_find(struct groups *groups);

/* Throughput as a share of the bound's, medians of both; NaN without a bound.
 */
double bound_share(const struct group *group);

#endif
