/* SPDX-License-Identifier: BSD-2-Clause */
/* Order statistics over all pairs of values, without storing the pairs. */
#ifndef PAIRWISE_H
#define PAIRWISE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The k-th smallest (from 1) of the Walsh averages (x[i] + x[j]) / 2, i <= j,
 * of sorted and finite values.
 */
double walsh_select(const double *sorted, size_t count, uint64_t k);

/* The k-th smallest difference b[j] - a[i]; a and b are sorted. */
double shift_select(const double *a, size_t as, const double *b, size_t bs,
		    uint64_t k);

#endif
