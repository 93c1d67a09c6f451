/* SPDX-License-Identifier: BSD-2-Clause */
/* Adjusted p, quantiles, and means: the small change of statistics. */
#ifndef QUANTILES_H
#define QUANTILES_H

#include "inference.h"

/*
 * Holm's adjustment, in place: the chance of one false rejection or more among
 * all of them stays at the level that they are then compared with.
 */
void holm_adjust(double *p, size_t count);

/* Student's t: the value below which the share lies. */
double t_quantile(double share, double freedom);

/* Clopper and Pearson's interval for the chance behind hits of tries. */
struct estimate binomial_interval(size_t hits, size_t tries, double wanted);

/* exp of the mean of logarithms; NaN of none. */
double geometric_mean(const double *logarithms, size_t count);

double median_of(const double *values, size_t count); /* NaN of none */

#endif
