/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rivals.h"
#include "signed_rank.h"

static bool same_round(const struct record *a, const struct record *b)
{
	return record_integer(a, COLUMN_round) ==
		       record_integer(b, COLUMN_round) &&
	       strcmp(record_text(a, COLUMN_session_id),
		      record_text(b, COLUMN_session_id)) == 0;
}

/* The row of the group that was measured in the round of `row`, or NULL. */
static const struct record *partner(const struct group *group,
				    const struct record *row)
{
	for (size_t i = 0; i < group->count; i++)
		if (same_round(group->members[i], row))
			return group->members[i];
	return NULL;
}

/* The differences a - b of the values, or of their logarithms. The caller frees
 * them. */
static double *differences(const struct group *a, const struct group *b,
			   int column, bool logarithms, size_t *count)
{
	double *found = calloc(a->count + 1, sizeof(*found));

	if (!found)
		abort();
	*count = 0;
	for (size_t i = 0; i < a->count; i++) {
		const struct record *row = a->members[i];
		const struct record *other = partner(b, row);
		double left, right;

		if (!other || !record_has(row, column) ||
		    !record_has(other, column))
			continue;
		left = record_number(row, column);
		right = record_number(other, column);
		if (!logarithms)
			found[(*count)++] = left - right;
		else if (left > 0 && right > 0)
			found[(*count)++] = log(left / right);
	}
	return found;
}

int groups_differ(const struct group *a, const struct group *b, int column,
		  double level)
{
	size_t count;
	double *found = differences(a, b, column, false, &count);
	double p = signed_rank_test(found, count).p;
	double median = signed_rank_estimate(found, count, 0.95).value;

	free(found);
	if (!(p <= level))
		return 0;
	return median < 0 ? -1 : 1;
}

size_t groups_common_rounds(const struct group *a, const struct group *b,
			    int column)
{
	size_t count;

	free(differences(a, b, column, false, &count));
	return count;
}

struct estimate groups_ratio(const struct group *a, const struct group *b,
			     int column, double level)
{
	size_t count;
	double *found = differences(a, b, column, true, &count);
	struct estimate ratio = signed_rank_estimate(found, count, 1 - level);

	free(found);
	ratio.value = exp(ratio.value);
	ratio.low = exp(ratio.low);
	ratio.high = exp(ratio.high);
	return ratio;
}
