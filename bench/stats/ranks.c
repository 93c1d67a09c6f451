/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_sort.h>
#include <stdlib.h>
#include <string.h>

#include "ranks.h"

size_t ranks_doubled(const double *sorted, size_t count, size_t *ranks)
{
	size_t divisor = 2;

	for (size_t first = 0, end; first < count; first = end) {
		for (end = first + 1; end < count; end++)
			if (sorted[end] > sorted[first])
				break;
		for (size_t i = first; i < end; i++)
			ranks[i] = first + 1 + end;
		if ((first + 1 + end) % 2)
			divisor = 1;
	}
	return divisor;
}

double *ranks_sorted_copy(const double *values, size_t count)
{
	double *copy;

	if (count == 0)
		return NULL;
	copy = malloc(count * sizeof(*copy));
	if (!copy)
		abort();
	memcpy(copy, values, count * sizeof(*copy));
	gsl_sort(copy, 1, count);
	return copy;
}
