/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "quantiles.h"
#include "ranks.h"

void holm_adjust(double *p, size_t count)
{
	size_t *order = calloc(count + 1, sizeof(*order));
	double largest = 0;

	if (!order)
		abort();
	gsl_sort_index(order, p, 1, count);
	for (size_t i = 0; i < count; i++) {
		double *own = &p[order[i]];

		largest = fmax(largest, fmin(1, (double)(count - i) * *own));
		*own = largest;
	}
	free(order);
}

double t_quantile(double share, double freedom)
{
	return gsl_cdf_tdist_Pinv(share, freedom);
}

/*
 * The quantile of the beta distribution, by bisection: gsl_cdf_beta_Pinv()
 * aborts the program for some ordinary arguments.
 */
static double beta_quantile(double share, double a, double b)
{
	double low = 0, high = 1;

	for (int i = 0; i < 64; i++) {
		double middle = (low + high) / 2;

		if (gsl_cdf_beta_P(middle, a, b) < share)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

struct estimate binomial_interval(size_t hits, size_t tries, double wanted)
{
	struct estimate estimate = { NAN, tries > 0, 0, 1, wanted };
	double tail = (1 - wanted) / 2;
	double misses = (double)(tries - hits);

	if (!tries)
		return estimate;
	estimate.value = (double)hits / (double)tries;
	if (hits > 0)
		estimate.low = beta_quantile(tail, (double)hits, misses + 1);
	if (hits < tries)
		estimate.high = beta_quantile(1 - tail, (double)hits + 1,
					      misses);
	return estimate;
}

double geometric_mean(const double *logarithms, size_t count)
{
	return count ? exp(gsl_stats_mean(logarithms, 1, count)) : NAN;
}

double median_of(const double *values, size_t count)
{
	double *sorted = ranks_sorted_copy(values, count), median;

	if (!sorted)
		return NAN;
	median = gsl_stats_median_from_sorted_data(sorted, 1, count);
	free(sorted);
	return median;
}
