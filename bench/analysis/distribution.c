/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "distribution.h"

bool distribution_is_column(int column)
{
	static const char suffix[] = "_histogram";
	const struct column *declared = &results_schema.columns[column];
	size_t length = strlen(declared->name);

	return declared->type == TYPE_TEXT && declared->role == ROLE_METRIC &&
	       length > strlen(suffix) &&
	       strcmp(declared->name + length - strlen(suffix), suffix) == 0;
}

static void add(struct distribution *distribution, double low, double count)
{
	size_t at = 0;

	while (at < distribution->count && distribution->buckets[at].low < low)
		at++;
	if (at == distribution->count || distribution->buckets[at].low > low) {
		distribution->buckets = array_grow(
			distribution->buckets, distribution->count,
			sizeof(*distribution->buckets));
		memmove(distribution->buckets + at + 1,
			distribution->buckets + at,
			(distribution->count++ - at) *
				sizeof(*distribution->buckets));
		distribution->buckets[at] = (struct bucket){ .low = low };
	}
	distribution->buckets[at].count += count;
	distribution->total += count;
}

void distribution_add(struct distribution *distribution, const char *text)
{
	while (*text) {
		char *end;
		double low = strtod(text, &end);
		double count = *end == ':' ? strtod(end + 1, &end) : NAN;

		if (!(isfinite(low) && count > 0))
			return;
		add(distribution, low, count);
		text = end + (*end == '+');
	}
}

void distribution_free(struct distribution *distribution)
{
	free(distribution->buckets);
	memset(distribution, 0, sizeof(*distribution));
}

double distribution_quantile(const struct distribution *distribution,
			     double share)
{
	double below = 0;

	for (size_t i = 0; i < distribution->count; i++) {
		below += distribution->buckets[i].count;
		if (below >= share * distribution->total)
			return distribution->buckets[i].low;
	}
	return NAN;
}
