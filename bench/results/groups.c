/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "groups.h"

static bool same_value(const struct record *a, const struct record *b,
		       int column)
{
	if (record_has(a, column) != record_has(b, column))
		return false;
	if (!record_has(a, column))
		return true;
	if (a->schema->columns[column].type == TYPE_TEXT)
		return strcmp(record_text(a, column), record_text(b, column)) ==
		       0;
	return record_number(a, column) == record_number(b, column);
}

static bool same_cell(const struct record *a, const struct record *b,
		      const int *except, size_t excepted)
{
	for (size_t i = 0; i < a->schema->count; i++) {
		bool skip = a->schema->columns[i].role != ROLE_FACTOR;

		for (size_t e = 0; e < excepted; e++)
			skip |= except[e] == (int)i;
		if (!skip && !same_value(a, b, (int)i))
			return false;
	}
	return true;
}

bool group_same_but(const struct group *a, const struct group *b,
		    const int *except, size_t excepted)
{
	return same_cell(a->example, b->example, except, excepted);
}

bool group_is_usual(const struct group *group)
{
	const struct record *row = group->example;

	return strcmp(record_text(row, COLUMN_stop), "sentinel") != 0 &&
	       strcmp(record_text(row, COLUMN_until), "empty") != 0 &&
	       !record_has(row, COLUMN_produce_every_ns) &&
	       !record_has(row, COLUMN_consume_every_ns);
}

static struct group *find_group(struct groups *groups, const struct record *row,
				size_t rows)
{
	struct group *group;

	for (size_t i = 0; i < groups->count; i++)
		if (same_cell(groups->groups[i].example, row, NULL, 0))
			return &groups->groups[i];
	group = &groups->groups[groups->count++];
	group->example = row;
	group->members = calloc(rows, sizeof(*group->members));
	if (!group->members)
		abort();
	return group;
}

static bool may_be_compared(const struct record *row)
{
	return strcmp(record_text(row, COLUMN_status), "ok") == 0 &&
	       (!record_has(row, COLUMN_verified) ||
		record_integer(row, COLUMN_verified) == 1);
}

void groups_make(const struct rows *rows, struct groups *groups)
{
	groups->count = 0;
	groups->groups = calloc(rows->count + 1, sizeof(*groups->groups));
	if (!groups->groups)
		abort();
	for (size_t i = 0; i < rows->count; i++) {
		const struct record *row = &rows->rows[i];
		struct group *group;

		if (record_has_name(row, COLUMN_flags, "superseded"))
			continue;
		group = find_group(groups, row, rows->count);
		if (may_be_compared(row))
			group->members[group->count++] = row;
		else
			group->unverified++;
	}
}

void groups_free(struct groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		free(groups->groups[i].members);
	free(groups->groups);
	memset(groups, 0, sizeof(*groups));
}

/*
 * The k-th smallest and the k-th largest value enclose the median unless
 * fewer than k of n values fall on one side of it, each with probability 1/2
 * (the interval of the sign test). k is the largest that keeps 95 %.
 */
static size_t interval_rank(size_t count)
{
	size_t k = 0;

	while (2 * gsl_cdf_binomial_P((unsigned)k, 0.5, (unsigned)count) <=
	       0.05)
		k++;
	return k;
}

struct spread spread_of(double *values, size_t count)
{
	struct spread spread = { count, NAN, false, NAN, NAN };
	size_t k;

	if (count == 0)
		return spread;
	gsl_sort(values, 1, count);
	spread.median = gsl_stats_median_from_sorted_data(values, 1, count);
	k = interval_rank(count);
	if (k > 0) {
		spread.has_interval = true;
		spread.low = values[k - 1];
		spread.high = values[count - k];
	}
	return spread;
}

struct spread group_spread(const struct group *group, int column)
{
	double *values = calloc(group->count + 1, sizeof(*values));
	struct spread spread;
	size_t count = 0;

	if (!values)
		abort();
	for (size_t i = 0; i < group->count; i++)
		if (record_has(group->members[i], column))
			values[count++] = record_number(group->members[i],
							column);
	spread = spread_of(values, count);
	free(values);
	return spread;
}
