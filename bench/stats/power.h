/* SPDX-License-Identifier: BSD-2-Clause */
/* What a number of rounds or sessions can show, and how many it takes. */
#ifndef POWER_H
#define POWER_H

#include "inference.h"

enum {
	POWER_COUNT_MAX = 10000,
};

/* What a verdict takes. */
struct demand {
	double level;	  /* of one test, two-sided, such as 0.05 / rows */
	double threshold; /* of the logarithm of a ratio */
};

struct power {
	/*
	 * The smallest shift that is found in 80 % of repetitions with as many
	 * values: the interval at the level excludes 0, and the estimate is
	 * beyond the threshold. NaN: no shift can be found.
	 */
	double detectable;
	/*
	 * The number of pairs, or of values a side, that gives a verdict in
	 * 80 % of repetitions if the true shift is the one that was found,
	 * about. NaN: unknown, or above POWER_COUNT_MAX.
	 */
	double settles;
};

/*
 * The noise is drawn from the pairs' own residuals, with a seed that never
 * changes. `inner` is the interval that has to lie within the threshold for
 * "same". sign: for the sign test, instead of the signed-rank test.
 */
struct power power_of_pairs(const double *differences, size_t count, bool sign,
			    const struct estimate *inner,
			    const struct demand *demand);

/* Two independent samples, for the rank-sum interval. */
struct power power_of_samples(const double *a, size_t as, const double *b,
			      size_t bs, const struct estimate *inner,
			      const struct demand *demand);

#endif
