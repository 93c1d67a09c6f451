/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Roofs: what is fastest where nothing has to be a queue. A floor of the cost
 * is a roof of the rate.
 */
#ifndef ROOF_H
#define ROOF_H

#include "groups.h"

/*
 * The floor that bounds such a cell: line where one message goes through two
 * queues, lines from one thread to one other, faa between more threads. NULL:
 * none does, or the cell is a floor itself.
 */
const char *roof_name(const struct record *row);

/*
 * Sets the roof of every group whose roof was measured in the same run: in a
 * cell that differs in backend and capacity only, as a floor has no capacity.
 */
void roofs_find(struct groups *groups);

/* Throughput as a share of the roof's, medians of both; NaN without a roof. */
double roof_share(const struct group *group);

#endif
