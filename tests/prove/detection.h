/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often a difference is found in a number of rounds: in rounds drawn from a
 * pool of measured rounds, and in rounds with normal noise.
 */
#ifndef DETECTION_H
#define DETECTION_H

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

#include "signed_rank.h"

/* Shares of the draws. */
struct detection {
	double found;	/* p of the signed-rank test at most alpha */
	double verdict; /* p at most alpha, and the estimate beyond the
			   threshold */
};

static inline void detection_count(struct detection *detection,
				   const double *logs, size_t count,
				   double alpha, double threshold, int draws)
{
	struct estimate estimate;

	if (signed_rank_test(logs, count).p > alpha)
		return;
	estimate = signed_rank_estimate(logs, count, 1 - alpha);
	detection->found += 1.0 / draws;
	detection->verdict += (fabs(estimate.value) > log1p(threshold)) /
			      (double)draws;
}

/* Draws `rounds` differences from the pool without replacement. */
static inline struct detection detection_in(gsl_rng *dice, const double *pool,
					    size_t pool_size, size_t rounds,
					    double alpha, double threshold,
					    int draws)
{
	double *drawn = calloc(rounds, sizeof(*drawn));
	struct detection detection = { 0, 0 };

	if (!drawn)
		abort();
	for (int i = 0; i < draws; i++) {
		gsl_ran_choose(dice, drawn, rounds, (void *)(size_t)pool,
			       pool_size, sizeof(*drawn));
		detection_count(&detection, drawn, rounds, alpha, threshold,
				draws);
	}
	free(drawn);
	return detection;
}

/* Draws normal differences instead: the power of the test. */
static inline struct detection detection_predicted(gsl_rng *dice, double shift,
						   double spread, size_t rounds,
						   double alpha,
						   double threshold, int draws)
{
	double *drawn = calloc(rounds, sizeof(*drawn));
	struct detection detection = { 0, 0 };

	if (!drawn)
		abort();
	for (int i = 0; i < draws; i++) {
		for (size_t r = 0; r < rounds; r++)
			drawn[r] = shift + gsl_ran_gaussian(dice, spread);
		detection_count(&detection, drawn, rounds, alpha, threshold,
				draws);
	}
	free(drawn);
	return detection;
}

#endif
