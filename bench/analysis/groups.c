/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "groups.h"
#include "lookup.h"
#include "names.h"
#include "registry.h"
#include "signed_rank.h"

bool group_same_but(const struct group *a, const struct group *b,
		    const int *except, size_t excepted)
{
	return record_same_cell(a->example, b->example, except, excepted);
}

bool group_is_usual(const struct group *group, const int *except,
		    size_t excepted)
{
	const struct record *row = group->example;

	for (int i = COLUMN_stop; i < (int)row->schema->count; i++) {
		bool looked_at = row->schema->columns[i].role == ROLE_FACTOR &&
				 (i == COLUMN_stop ||
				  i == COLUMN_payload_bytes ||
				  i >= COMMON_COLUMN_COUNT);

		for (size_t e = 0; e < excepted; e++)
			looked_at &= except[e] != i;
		if (looked_at && !name_is_default(row, i))
			return false;
	}
	return true;
}

bool row_may_be_compared(const struct record *row)
{
	return strcmp(record_text(row, COLUMN_status), "ok") == 0 &&
	       (!record_has(row, COLUMN_verified) ||
		record_integer(row, COLUMN_verified) == 1);
}

/* Finds the groups and their sizes. of_row: the group of each row; NULL: the
 * row is in no group. */
static void find_groups(const struct rows *rows, struct groups *groups,
			struct group **of_row)
{
	struct lookup lookup = { .count = 0 };
	char key[RECORD_KEY_MAX];

	for (size_t i = 0; i < rows->count; i++) {
		const struct record *row = &rows->rows[i];
		struct group *group;
		bool added;

		if (record_has_name(row, COLUMN_flags, "superseded"))
			continue;
		group = &groups->groups[lookup_add(
			&lookup, key, record_key(row, NULL, 0, key), &added)];
		if (added)
			group->example = row;
		if (row_may_be_compared(row)) {
			group->count++;
			of_row[i] = group;
		} else {
			group->unverified++;
		}
	}
	groups->count = lookup.count;
	lookup_free(&lookup);
}

void groups_make(const struct rows *rows, struct groups *groups)
{
	struct group **of_row = calloc(rows->count + 1, sizeof(*of_row));
	const struct record **members;

	groups->count = 0;
	groups->groups = calloc(rows->count + 1, sizeof(*groups->groups));
	groups->members = calloc(rows->count + 1, sizeof(*groups->members));
	if (!of_row || !groups->groups || !groups->members)
		abort();
	find_groups(rows, groups, of_row);
	members = groups->members;
	for (size_t i = 0; i < groups->count; i++) {
		groups->groups[i].members = members;
		members += groups->groups[i].count;
		groups->groups[i].count = 0;
	}
	for (size_t i = 0; i < rows->count; i++)
		if (of_row[i])
			of_row[i]->members[of_row[i]->count++] = &rows->rows[i];
	free(of_row);
}

void groups_free(struct groups *groups)
{
	free(groups->members);
	free(groups->groups);
	memset(groups, 0, sizeof(*groups));
}

struct spread spread_of(const double *values, size_t count)
{
	struct estimate median = sign_estimate(values, count, 0.95);

	return (struct spread){ count, median.value, median.has_interval,
				median.low, median.high };
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

int objective_of(const char *scenario)
{
	const struct scenario *found = registry_find_scenario(scenario);

	return found && found->objective ? column_of(found->objective)
					 : COLUMN_throughput_msg_per_s;
}

bool has_queues(const char *scenario)
{
	const struct scenario *found = registry_find_scenario(scenario);

	return !found || !found->no_queue;
}
