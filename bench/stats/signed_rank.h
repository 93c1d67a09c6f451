/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Differences of pairs: Wilcoxon's signed-rank test with the estimate that
 * belongs to it (Hodges & Lehmann), and the sign test with the median.
 */
#ifndef SIGNED_RANK_H
#define SIGNED_RANK_H

#include "inference.h"

enum {
	/* Beyond, the normal distribution with continuity correction. */
	SIGNED_RANK_EXACT_MAX = 200,
};

/*
 * Zeros are dropped, ties share their middle rank, and the distribution is the
 * exact one of just these ranks. The statistic is the rank sum of the positive.
 */
struct test signed_rank_test(const double *differences, size_t count);

/*
 * The median of the Walsh averages of all differences, zeros included, and the
 * interval between two of them. With ties it covers at least what it says.
 */
struct estimate signed_rank_estimate(const double *differences, size_t count,
				     double wanted);

/* Zeros are dropped; the statistic is the number of positive ones. */
struct test sign_test(const double *differences, size_t count);

/* The median, and the interval between two values that fits the sign test. */
struct estimate sign_estimate(const double *values, size_t count,
			      double wanted);

/*
 * The rank, from 1, of the interval's lower end among the Walsh averages, or
 * among the values; 0: so few have no interval. *coverage gets what it covers.
 */
size_t signed_rank_tail(size_t count, double wanted, double *coverage);
size_t sign_tail(size_t count, double wanted, double *coverage);

/* The fewest pairs with which either test can reach the level at all. */
size_t pairs_needed(double level);

#endif
