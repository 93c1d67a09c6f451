/* SPDX-License-Identifier: BSD-2-Clause */
/* Two independent samples: the Mann-Whitney test and the shift. */
#ifndef RANK_SUM_H
#define RANK_SUM_H

#include "inference.h"

enum {
	/* Up to this total number of values the test is exact. Above, it uses
	 * the normal distribution with corrections for continuity and ties. */
	RANK_SUM_EXACT_MAX = 64,
};

/*
 * The Mann-Whitney test. Ties get their mean rank, which the exact distribution
 * takes into account. p is twice the smaller tail. The statistic is U of b: the
 * number of pairs in which the value of b is larger.
 */
struct test rank_sum_test(const double *a, size_t as, const double *b,
			  size_t bs);

/* The median of all differences b - a, and an interval between two of these
 * differences. */
struct estimate rank_sum_estimate(const double *a, size_t as, const double *b,
				  size_t bs, double wanted);

/* The rank of the interval's lower end; see signed_rank_tail(). */
size_t rank_sum_tail(size_t as, size_t bs, double wanted, double *coverage);

/* The smallest number of values for each side that can reach the level. */
size_t samples_needed(double level);

/* The smallest p that samples of these sizes can give. */
double rank_sum_least_p(size_t as, size_t bs);

#endif
