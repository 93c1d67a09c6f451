/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "groups.h"
#include "names.h"
#include "registry.h"
#include "signed_rank.h"

bool group_same_but(const struct group *a, const struct group *b,
		    const int *except, size_t excepted)
{
	return record_same_cell(a->example, b->example, except, excepted);
}

bool group_has_defaults(const struct group *group)
{
	const struct record *row = group->example;

	for (int i = COLUMN_stop; i < (int)row->schema->count; i++) {
		bool is_declared = row->schema->columns[i].role ==
					   ROLE_FACTOR &&
				   (i == COLUMN_stop ||
				    i == COLUMN_payload_bytes ||
				    i >= COMMON_COLUMN_COUNT);

		if (is_declared && !name_is_default(row, i))
			return false;
	}
	return true;
}

void groups_make(const struct rows *rows, struct groups *groups)
{
	struct dataset *set = &groups->set;
	const struct record **members;

	dataset_init(set, -1, NULL);
	for (size_t i = 0; i < rows->count; i++)
		dataset_add_row(set, SIDE_BASELINE, &rows->rows[i], -1);
	dataset_sort(set);
	groups->count = dataset_cells(set);
	groups->groups = calloc(groups->count + 1, sizeof(*groups->groups));
	groups->members = calloc(rows->count + 1, sizeof(*groups->members));
	if (!groups->groups || !groups->members)
		abort();
	members = groups->members;
	for (uint32_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->groups[i];
		const struct datum *data = dataset_data(set, i, SIDE_BASELINE,
							&group->count);

		group->example = &set->cells[i].factors;
		group->unverified = set->cells[i].on[SIDE_BASELINE].unverified;
		group->members = members;
		for (size_t j = 0; j < group->count; j++)
			*members++ = &rows->rows[data[j].number];
	}
}

void groups_free(struct groups *groups)
{
	free(groups->members);
	free(groups->groups);
	dataset_free(&groups->set);
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
