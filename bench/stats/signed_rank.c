/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "pairwise.h"
#include "ranks.h"
#include "signed_rank.h"

/*
 * The distribution of the sum of the positive ranks. Without a difference, each
 * rank is positive with probability 1/2, so the generating function is the
 * product of (1 + x^rank) / 2. The caller frees the result.
 */
static double *distribution(const size_t *ranks, size_t count, size_t divisor,
			    size_t *sum)
{
	double *chances;

	*sum = 0;
	for (size_t i = 0; i < count; i++)
		*sum += ranks[i] / divisor;
	chances = calloc(*sum + 1, sizeof(*chances));
	if (!chances)
		abort();
	chances[0] = 1;
	for (size_t i = 0, reached = 0; i < count; i++) {
		size_t rank = ranks[i] / divisor;

		reached += rank;
		for (size_t s = reached + 1; s-- > 0;)
			chances[s] = (chances[s] +
				      (s >= rank ? chances[s - rank] : 0)) /
				     2;
	}
	return chances;
}

static double sum_up_to(const double *chances, size_t last)
{
	double sum = 0;

	for (size_t i = 0; i <= last; i++)
		sum += chances[i];
	return sum;
}

static double exact_p(const size_t *ranks, size_t count, size_t divisor,
		      size_t positive)
{
	size_t sum;
	double *chances = distribution(ranks, count, divisor, &sum);
	size_t lower = positive / divisor;
	double p;

	if (lower > sum - lower)
		lower = sum - lower; /* the distribution is symmetric */
	p = 2 * sum_up_to(chances, lower);
	free(chances);
	return fmin(p, 1);
}

static double normal_p(const size_t *ranks, size_t count, size_t positive)
{
	double sum = 0, squares = 0, distance;

	for (size_t i = 0; i < count; i++) {
		sum += (double)ranks[i] / 2;
		squares += (double)ranks[i] * (double)ranks[i] / 4;
	}
	distance = fabs((double)positive / 2 - sum / 2) - 0.5;
	return distance <= 0
		       ? 1
		       : 2 * gsl_cdf_ugaussian_Q(distance / sqrt(squares / 4));
}

static int by_size(const void *a, const void *b)
{
	double left = fabs(*(const double *)a),
	       right = fabs(*(const double *)b);

	return (left > right) - (left < right);
}

/* Returns the n differences other than 0, sorted by absolute value, followed by
 * their n absolute values. */
static double *ordered(const double *differences, size_t count, size_t *n)
{
	double *values = calloc(2 * count + 1, sizeof(*values));

	if (!values)
		abort();
	*n = 0;
	for (size_t i = 0; i < count; i++)
		if (differences[i] < 0 || differences[i] > 0)
			values[(*n)++] = differences[i];
	qsort(values, *n, sizeof(*values), by_size);
	for (size_t i = 0; i < *n; i++)
		values[*n + i] = fabs(values[i]);
	return values;
}

struct test signed_rank_test(const double *differences, size_t count)
{
	struct test test = { .p = 1, .exact = true };
	double *values = ordered(differences, count, &test.n);
	size_t *ranks = calloc(test.n + 1, sizeof(*ranks));
	size_t positive = 0, divisor;

	if (!ranks)
		abort();
	divisor = ranks_doubled(values + test.n, test.n, ranks);
	for (size_t i = 0; i < test.n; i++)
		positive += values[i] > 0 ? ranks[i] : 0;
	test.statistic = (double)positive / 2;
	test.exact = test.n <= SIGNED_RANK_EXACT_MAX;
	if (test.n)
		test.p = test.exact ? exact_p(ranks, test.n, divisor, positive)
				    : normal_p(ranks, test.n, positive);
	free(ranks);
	free(values);
	return test;
}

/* The largest k so that sums below k and the mirrored sums together have at
 * most the probability `spare`; *both is their probability. */
static size_t tail_exact(size_t count, double spare, double *both)
{
	size_t ranks[SIGNED_RANK_EXACT_MAX], sum, k = 0;
	double *chances, tail = 0;

	for (size_t i = 0; i < count; i++)
		ranks[i] = i + 1;
	chances = distribution(ranks, count, 1, &sum);
	while (k < sum && 2 * (tail + chances[k]) <= spare)
		tail += chances[k++];
	free(chances);
	*both = 2 * tail;
	return k;
}

static size_t tail_normal(size_t count, double spare, double *both)
{
	double n = (double)count, mean = n * (n + 1) / 4;
	double deviation = sqrt(n * (n + 1) * (2 * n + 1) / 24);
	double k = floor(mean + 0.5 +
			 deviation * gsl_cdf_ugaussian_Pinv(spare / 2));

	if (k < 1)
		return 0;
	*both = 2 * gsl_cdf_ugaussian_P((k - 0.5 - mean) / deviation);
	return (size_t)k;
}

size_t signed_rank_tail(size_t count, double wanted, double *coverage)
{
	/* Adds 1e-12, so that rounding does not reject a coverage that equals
	 * `wanted`. */
	double spare = 1 - wanted + 1e-12, both = 0;
	size_t k = count <= SIGNED_RANK_EXACT_MAX
			   ? tail_exact(count, spare, &both)
			   : tail_normal(count, spare, &both);

	*coverage = k ? 1 - both : 0;
	return k;
}

struct estimate signed_rank_estimate(const double *differences, size_t count,
				     double wanted)
{
	struct estimate estimate = { NAN, false, NAN, NAN, 0 };
	uint64_t pairs = (uint64_t)count * (count + 1) / 2;
	double *sorted = ranks_sorted_copy(differences, count);
	size_t k;

	if (!sorted)
		return estimate;
	estimate.value = (walsh_select(sorted, count, (pairs + 1) / 2) +
			  walsh_select(sorted, count, pairs / 2 + 1)) /
			 2;
	k = signed_rank_tail(count, wanted, &estimate.coverage);
	if (k > 0) {
		estimate.has_interval = true;
		estimate.low = walsh_select(sorted, count, k);
		estimate.high = walsh_select(sorted, count, pairs + 1 - k);
	}
	free(sorted);
	return estimate;
}

struct test sign_test(const double *differences, size_t count)
{
	struct test test = { .p = 1, .exact = true };
	size_t positive = 0, fewer;

	for (size_t i = 0; i < count; i++) {
		positive += differences[i] > 0;
		test.n += differences[i] > 0 || differences[i] < 0;
	}
	test.statistic = (double)positive;
	fewer = positive < test.n - positive ? positive : test.n - positive;
	if (test.n)
		test.p = fmin(1, 2 * gsl_cdf_binomial_P((unsigned)fewer, 0.5,
							(unsigned)test.n));
	return test;
}

size_t sign_tail(size_t count, double wanted, double *coverage)
{
	double spare = 1 - wanted + 1e-12;
	size_t k = 0;

	*coverage = 0;
	for (;;) {
		double next = 2 * gsl_cdf_binomial_P((unsigned)k, 0.5,
						     (unsigned)count);

		if (next > spare)
			return k;
		*coverage = 1 - next;
		k++;
	}
}

struct estimate sign_estimate(const double *values, size_t count, double wanted)
{
	struct estimate estimate = { NAN, false, NAN, NAN, 0 };
	double *sorted = ranks_sorted_copy(values, count);
	size_t k;

	if (!sorted)
		return estimate;
	estimate.value = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
	k = sign_tail(count, wanted, &estimate.coverage);
	if (k > 0) {
		estimate.has_interval = true;
		estimate.low = sorted[k - 1];
		estimate.high = sorted[count - k];
	}
	free(sorted);
	return estimate;
}

size_t pairs_needed(double level)
{
	size_t pairs = 1;

	while (ldexp(2, -(int)pairs) > level * (1 + 1e-9))
		pairs++;
	return pairs;
}
