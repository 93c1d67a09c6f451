/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranks as whole numbers, and copies that are sorted. */
#ifndef RANKS_H
#define RANKS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Twice the rank of each of the sorted values, so that the middle rank of ties
 * is whole. Returns what all of them can be divided by: 2 without ties, else 1.
 */
size_t ranks_doubled(const double *sorted, size_t count, size_t *ranks);

/* A sorted copy, to be freed; NULL for no values. */
double *ranks_sorted_copy(const double *values, size_t count);

#endif
