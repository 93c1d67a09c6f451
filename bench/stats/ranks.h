/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranks as integers, and sorted copies. */
#ifndef RANKS_H
#define RANKS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Sets ranks to twice the rank of each sorted value, so that the mean rank of
 * ties is an integer. Returns a common divisor of all ranks: 2 or 1.
 */
size_t ranks_doubled(const double *sorted, size_t count, size_t *ranks);

/* Returns a sorted copy, which the caller frees; NULL if there are no
 * values. */
double *ranks_sorted_copy(const double *values, size_t count);

#endif
