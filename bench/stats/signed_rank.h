/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Differences of pairs: Wilcoxon's signed-rank test with the Hodges-Lehmann
 * estimate, and the sign test with the median.
 */
#ifndef SIGNED_RANK_H
#define SIGNED_RANK_H

#include "inference.h"

enum {
	/* Above this number of values, the test uses the normal distribution
	 * with continuity correction. */
	SIGNED_RANK_EXACT_MAX = 200,
};

/*
 * Zeros are left out. Ties get their mean rank, and the exact distribution
 * takes these ranks into account. The statistic is the sum of the positive
 * ranks.
 */
struct test signed_rank_test(const double *differences, size_t count);

/*
 * The median of the Walsh averages of all differences, including zeros, and an
 * interval between two of these averages. With ties, the real coverage is at
 * least the reported coverage.
 */
struct estimate signed_rank_estimate(const double *differences, size_t count,
				     double wanted);

/* Zeros are left out. The statistic is the number of positive differences. */
struct test sign_test(const double *differences, size_t count);

/* The median, and the interval between two values that corresponds to the sign
 * test. */
struct estimate sign_estimate(const double *values, size_t count,
			      double wanted);

/*
 * The rank of the interval's lower end among the Walsh averages (signed rank)
 * or the values (sign), counted from 1. 0: too few values for an interval.
 * *coverage is set to the coverage of the interval.
 */
size_t signed_rank_tail(size_t count, double wanted, double *coverage);
size_t sign_tail(size_t count, double wanted, double *coverage);

/* The smallest number of pairs with which the tests can reach the level. */
size_t pairs_needed(double level);

#endif
