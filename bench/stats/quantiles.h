/* SPDX-License-Identifier: BSD-2-Clause */
/* Corrections of p, quantiles and means. */
#ifndef QUANTILES_H
#define QUANTILES_H

#include "inference.h"

/*
 * Holm's correction for multiple comparisons, in place. A test that rejects if
 * the corrected p is at most alpha has a family-wise error rate of alpha.
 */
void holm_adjust(double *p, size_t count);

/* The quantile of Student's t distribution at the given share. */
double t_quantile(double share, double freedom);

/* Clopper and Pearson's interval for the probability of a hit. */
struct estimate binomial_interval(size_t hits, size_t tries, double wanted);

/* exp of the mean of the logarithms; NaN if there are no values. */
double geometric_mean(const double *logarithms, size_t count);

double median_of(const double *values,
		 size_t count); /* NaN if there are no values */

#endif
