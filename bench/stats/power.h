/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest difference that a number of rounds or sessions can show, and the
 * number that a verdict needs. */
#ifndef POWER_H
#define POWER_H

#include "inference.h"

enum {
	POWER_COUNT_MAX = 10000,
};

/* The conditions for a verdict. */
struct demand {
	double level;	  /* two-sided level of one test, such as 0.05 / rows */
	double threshold; /* smallest relevant logarithm of a ratio */
};

struct power {
	/*
	 * The smallest shift that 80 % of repetitions with the same number of
	 * values would detect: the interval excludes 0 and the estimate exceeds
	 * the threshold. NaN: no shift is detectable.
	 */
	double detectable;
	/*
	 * The approximate number of pairs, or of values for each side, that
	 * gives a verdict in 80 % of repetitions if the true shift equals the
	 * estimate. NaN: unknown, or above POWER_COUNT_MAX.
	 */
	double settles;
};

/*
 * Draws the noise from the residuals of the pairs, with a constant seed.
 * `inner` is the interval that must be inside the threshold for the verdict
 * "same". sign: use the sign test instead of the signed-rank test.
 */
struct power power_of_pairs(const double *differences, size_t count, bool sign,
			    const struct estimate *inner,
			    const struct demand *demand);

/* Like power_of_pairs(), for two independent samples and the rank-sum test. */
struct power power_of_samples(const double *a, size_t as, const double *b,
			      size_t bs, const struct estimate *inner,
			      const struct demand *demand);

#endif
