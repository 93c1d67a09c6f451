/* SPDX-License-Identifier: BSD-2-Clause */
/* The best queue for each load of a run, and its lead. */
#ifndef BEST_H
#define BEST_H

#include "output.h"
#include "run.h"

/*
 * Cells of one load differ only in the backend. Prints in words which queues
 * have the best median and in how many loads, then a table with one row for
 * each load. This describes the run; it is not a verdict.
 */
void best_print(const struct run *run, struct output *output);

/* The cell with the best median among the cells with the load of group `first`.
 * NULL: an earlier group has this load, or the cell is not ranked. */
const struct group *best_of_load(const struct groups *groups, size_t first);

#endif
