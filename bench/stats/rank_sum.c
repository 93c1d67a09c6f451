/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairwise.h"
#include "rank_sum.h"
#include "ranks.h"

/*
 * The probability of each sum of `taken` ranks if all choices of ranks are
 * equally probable, by dynamic programming over the number of ranks and their
 * sum. The caller frees the result.
 */
static double *distribution(const size_t *ranks, size_t count, size_t divisor,
			    size_t taken, size_t *sum)
{
	double *ways, *chances,
		total = gsl_sf_choose((unsigned)count, (unsigned)taken);
	size_t width;

	*sum = 0;
	for (size_t i = 0; i < count; i++)
		*sum += ranks[i] / divisor;
	width = *sum + 1;
	ways = calloc((taken + 1) * width, sizeof(*ways));
	chances = calloc(width, sizeof(*chances));
	if (!ways || !chances)
		abort();
	ways[0] = 1;
	for (size_t i = 0; i < count; i++) {
		size_t rank = ranks[i] / divisor;

		for (size_t t = i < taken ? i + 1 : taken; t > 0; t--)
			for (size_t s = rank; s < width; s++)
				ways[t * width + s] +=
					ways[(t - 1) * width + s - rank];
	}
	for (size_t s = 0; s < width; s++)
		chances[s] = ways[taken * width + s] / total;
	free(ways);
	return chances;
}

static double exact_p(const size_t *ranks, size_t count, size_t divisor,
		      size_t taken, size_t doubled)
{
	size_t sum, found = doubled / divisor;
	double *chances = distribution(ranks, count, divisor, taken, &sum);
	double below = 0, above = 0;

	for (size_t s = 0; s <= sum; s++) {
		below += s <= found ? chances[s] : 0;
		above += s >= found ? chances[s] : 0;
	}
	free(chances);
	return fmin(1, 2 * fmin(below, above));
}

/* p from the normal distribution, with the correction for ties: a tie of t
 * values reduces N^3 - N by t^3 - t. */
static double normal_p(const double *sorted, size_t as, size_t bs, double u)
{
	double n = (double)(as + bs), product = (double)as * (double)bs;
	double ties = 0, variance, distance;

	for (size_t first = 0, end; first < as + bs; first = end) {
		double alike;

		for (end = first + 1; end < as + bs; end++)
			if (sorted[end] > sorted[first])
				break;
		alike = (double)(end - first);
		ties += alike * alike * alike - alike;
	}
	variance = product / 12 * (n + 1 - ties / (n * (n - 1)));
	distance = fabs(u - product / 2) - 0.5;
	if (distance <= 0 || variance <= 0)
		return 1;
	return fmin(1, 2 * gsl_cdf_ugaussian_Q(distance / sqrt(variance)));
}

/* Sorts the values of a and b together. order[i] < as: value i is from a. */
static double *joint(const double *a, size_t as, const double *b, size_t bs,
		     size_t *order)
{
	double *values = calloc(as + bs, sizeof(*values));
	double *sorted = calloc(as + bs, sizeof(*sorted));

	if (!values || !sorted)
		abort();
	memcpy(values, a, as * sizeof(*a));
	memcpy(values + as, b, bs * sizeof(*b));
	gsl_sort_index(order, values, 1, as + bs);
	for (size_t i = 0; i < as + bs; i++)
		sorted[i] = values[order[i]];
	free(values);
	return sorted;
}

struct test rank_sum_test(const double *a, size_t as, const double *b,
			  size_t bs)
{
	struct test test = { .n = as + bs, .p = 1, .exact = true };
	size_t count = as + bs, doubled = 0, divisor;
	size_t *order, *ranks;
	double *sorted;

	if (!as || !bs)
		return test;
	order = calloc(2 * count, sizeof(*order));
	if (!order)
		abort();
	ranks = order + count;
	sorted = joint(a, as, b, bs, order);
	divisor = ranks_doubled(sorted, count, ranks);
	for (size_t i = 0; i < count; i++)
		doubled += order[i] >= as ? ranks[i] : 0;
	test.statistic = (double)doubled / 2 -
			 (double)bs * (double)(bs + 1) / 2;
	test.exact = count <= RANK_SUM_EXACT_MAX;
	test.p = test.exact ? exact_p(ranks, count, divisor, bs, doubled)
			    : normal_p(sorted, as, bs, test.statistic);
	free(sorted);
	free(order);
	return test;
}

/* The largest k so that U < k and the mirrored tail together have at most the
 * probability `spare`. */
static size_t tail_exact(size_t as, size_t bs, double spare, double *both)
{
	size_t ranks[RANK_SUM_EXACT_MAX], sum, k = 0;
	size_t least = bs * (bs + 1) / 2;
	double *chances, tail = 0;

	for (size_t i = 0; i < as + bs; i++)
		ranks[i] = i + 1;
	chances = distribution(ranks, as + bs, 1, bs, &sum);
	while (k < as * bs && 2 * (tail + chances[least + k]) <= spare)
		tail += chances[least + k++];
	free(chances);
	*both = 2 * tail;
	return k;
}

static size_t tail_normal(size_t as, size_t bs, double spare, double *both)
{
	double product = (double)as * (double)bs;
	double deviation = sqrt(product * (double)(as + bs + 1) / 12);
	double k = floor(product / 2 + 0.5 +
			 deviation * gsl_cdf_ugaussian_Pinv(spare / 2));

	if (k < 1)
		return 0;
	*both = 2 * gsl_cdf_ugaussian_P((k - 0.5 - product / 2) / deviation);
	return (size_t)k;
}

size_t rank_sum_tail(size_t as, size_t bs, double wanted, double *coverage)
{
	double spare = 1 - wanted + 1e-12, both = 0;
	size_t k = as + bs <= RANK_SUM_EXACT_MAX
			   ? tail_exact(as, bs, spare, &both)
			   : tail_normal(as, bs, spare, &both);

	*coverage = k ? 1 - both : 0;
	return k;
}

struct estimate rank_sum_estimate(const double *a, size_t as, const double *b,
				  size_t bs, double wanted)
{
	struct estimate estimate = { NAN, false, NAN, NAN, 0 };
	uint64_t pairs = (uint64_t)as * bs;
	double *low = ranks_sorted_copy(a, as);
	double *high = ranks_sorted_copy(b, bs);
	size_t k;

	if (pairs == 0)
		goto out;
	estimate.value = (shift_select(low, as, high, bs, (pairs + 1) / 2) +
			  shift_select(low, as, high, bs, pairs / 2 + 1)) /
			 2;
	k = rank_sum_tail(as, bs, wanted, &estimate.coverage);
	if (k > 0) {
		estimate.has_interval = true;
		estimate.low = shift_select(low, as, high, bs, k);
		estimate.high = shift_select(low, as, high, bs, pairs + 1 - k);
	}
out:
	free(low);
	free(high);
	return estimate;
}

double rank_sum_least_p(size_t as, size_t bs)
{
	if (!as || !bs)
		return 1;
	return fmin(1, 2 * exp(-gsl_sf_lnchoose((unsigned)(as + bs),
						(unsigned)as)));
}

size_t samples_needed(double level)
{
	size_t count = 1;

	while (rank_sum_least_p(count, count) > level * (1 + 1e-9))
		count++;
	return count;
}
