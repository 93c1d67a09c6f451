/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bounds: the best rate that the machine could reach in a cell without a queue.
 */
#ifndef BOUND_H
#define BOUND_H

#include "groups.h"

/*
 * The backend that is the bound of the cell: line for round trips through two
 * queues, lines for one producer and one consumer, faa for more threads. NULL:
 * there is no bound, or the cell's backend is not a queue.
 */
const char *bound_name(const struct record *row);

/*
 * Sets the bound of each group if the run measured it. The cell of the bound
 * differs from the group's cell only in backend, capacity and window.
 */
void bounds_find(struct groups *groups);

/* The median objective as a share of the bound's median objective. NaN: no
 * bound. */
double bound_share(const struct group *group);

#endif
