/* SPDX-License-Identifier: BSD-2-Clause */
/* Two independent samples: Mann & Whitney's test, and the shift between them.
 */
#ifndef RANK_SUM_H
#define RANK_SUM_H

#include "inference.h"

enum {
	/* Values of both samples together; beyond, the normal distribution
	 * with corrections for continuity and ties. */
	RANK_SUM_EXACT_MAX = 64,
};

/*
 * Ties share their middle rank, and the distribution is the exact one of just
 * these ranks. p is twice the smaller tail. The statistic is U of b: in how
 * many pairs its value is the larger one.
 */
struct test rank_sum_test(const double *a, size_t as, const double *b,
			  size_t bs);

/* The median of all b - a, and the interval between two of them. */
struct estimate rank_sum_estimate(const double *a, size_t as, const double *b,
				  size_t bs, double wanted);

/* The rank of the interval's lower end, as signed_rank_tail(). */
size_t rank_sum_tail(size_t as, size_t bs, double wanted, double *coverage);

/* The fewest values a side with which the test can reach the level at all. */
size_t samples_needed(double level);

/* The smallest p that samples of these sizes can give. */
double rank_sum_least_p(size_t as, size_t bs);

#endif
