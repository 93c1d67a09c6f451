/* SPDX-License-Identifier: BSD-2-Clause */
/* Order statistics of all pairs of values, without writing the pairs down. */
#ifndef PAIRWISE_H
#define PAIRWISE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The k-th smallest (from 1) of the Walsh averages (x[i] + x[j]) / 2, i <= j,
 * of sorted and finite values.
 */
double walsh_select(const double *sorted, size_t count, uint64_t k);

/* The same of the differences b[j] - a[i], both sorted. */
double shift_select(const double *a, size_t as, const double *b, size_t bs,
		    uint64_t k);

#endif
