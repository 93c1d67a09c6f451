/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The k-th smallest value is the smallest double x for which at least k pairs
 * have a value of at most x. Bisection over the bit patterns of all doubles
 * finds x in 64 steps. Each step counts pairs in one pass over both sorted
 * lists. Rounding is monotone, so sums of sorted values are sorted.
 */
#include <string.h>

#include "pairwise.h"

struct pairs {
	const double *a; /* NULL: Walsh averages of b */
	size_t as;
	const double *b;
	size_t bs;
};

/* Maps doubles to integers in the same order. */
static int64_t key_of(double value)
{
	int64_t bits;

	value += 0.0; /* turns -0 into 0 */
	memcpy(&bits, &value, sizeof(bits));
	return bits < 0 ? INT64_MIN - bits : bits;
}

static double value_of(int64_t key)
{
	int64_t bits = key < 0 ? INT64_MIN - key : key;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint64_t averages_up_to(const struct pairs *pairs, double limit)
{
	const double *x = pairs->b;
	size_t j = pairs->bs; /* values before index j are low enough */
	uint64_t count = 0;

	for (size_t i = 0; i < pairs->bs; i++) {
		while (j > i && (x[i] + x[j - 1]) / 2 > limit)
			j--;
		if (j <= i)
			break;
		count += j - i;
	}
	return count;
}

static uint64_t differences_up_to(const struct pairs *pairs, double limit)
{
	uint64_t count = 0;
	size_t j = 0;

	for (size_t i = 0; i < pairs->as; i++) {
		while (j < pairs->bs && pairs->b[j] - pairs->a[i] <= limit)
			j++;
		count += j;
	}
	return count;
}

static double least(const struct pairs *pairs, double from, double to,
		    uint64_t k)
{
	int64_t low = key_of(from), high = key_of(to);

	while (low < high) {
		/* The mean, rounded down. The sum does not overflow if the
		 * signs differ. */
		int64_t middle = (low < 0) == (high < 0)
					 ? low + (high - low) / 2
					 : (low + high) >> 1;
		double limit = value_of(middle);
		uint64_t count = pairs->a ? differences_up_to(pairs, limit)
					  : averages_up_to(pairs, limit);

		if (count >= k)
			high = middle;
		else
			low = middle + 1;
	}
	return value_of(low);
}

double walsh_select(const double *sorted, size_t count, uint64_t k)
{
	/* At least k averages are not larger than the k-th value. */
	struct pairs pairs = { NULL, 0, sorted, k < count ? k : count };

	return least(&pairs, sorted[0], sorted[count - 1], k);
}

double shift_select(const double *a, size_t as, const double *b, size_t bs,
		    uint64_t k)
{
	struct pairs pairs = { a, as, b, bs };

	return least(&pairs, b[0] - a[as - 1], b[bs - 1] - a[0], k);
}
