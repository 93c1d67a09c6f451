/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "groups.h"
#include "metrics.h"
#include "names.h"
#include "registry.h"
#include "signed_rank.h"

bool group_is_of(const struct group *group, const char *scenario)
{
	return strcmp(record_text(group->example, COLUMN_scenario), scenario) ==
	       0;
}

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

static int by_distance(const void *a, const void *b, void *arg)
{
	const struct datum *left = a, *right = b;
	int64_t l = dataset_distance(arg, left);
	int64_t r = dataset_distance(arg, right);

	if (l != r)
		return l < r ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

/* The observations that represent the rounds of a cell, class by class and in
 * the order of the file. The caller frees them. */
static struct datum *rounds_of(const struct dataset *set, uint32_t cell,
			       size_t *count)
{
	size_t all;
	const struct datum *data = dataset_data(set, cell, SIDE_BASELINE, &all);
	struct datum *rounds = calloc(all + 1, sizeof(*rounds));

	if (!rounds)
		abort();
	*count = 0;
	for (size_t i = 0; i < all; i++)
		if (data[i].is_chosen)
			rounds[(*count)++] = data[i];
	if (*count)
		qsort_r(rounds, *count, sizeof(*rounds), by_distance,
			(void *)(uintptr_t)set);
	return rounds;
}

/* Makes the group of all rounds in the class of the first round. */
static void make_group(const struct dataset *set, const struct rows *rows,
		       const struct datum *rounds, size_t count,
		       struct group *group)
{
	int64_t distance = dataset_distance(set, rounds);

	group->example = &rows->rows[rounds[0].number];
	while (group->rounds < count &&
	       dataset_distance(set, &rounds[group->rounds]) == distance) {
		const struct datum *datum = &rounds[group->rounds++];

		group->undisturbed += !datum_is_disturbed(datum);
		group->class = datum->class;
		if (datum->class)
			group->distance_ns =
				set->distances.classes[datum->class].median_ns;
		if (datum->is_used)
			group->members[group->count++] =
				&rows->rows[datum->number];
	}
}

/* Makes the groups of a cell. Leaves out groups in which all rounds are
 * disturbed and not used. */
static void add_cell(struct groups *groups, uint32_t cell,
		     const struct rows *rows, const struct record ***members)
{
	const struct observed_cell *observed = &groups->set.cells[cell];
	size_t before = groups->count, count;
	struct datum *rounds = rounds_of(&groups->set, cell, &count);
	struct group group;

	for (size_t i = 0; i < count; i += group.rounds) {
		group = (struct group){ .members = *members,
					.distance_ns = NAN };
		make_group(&groups->set, rows, rounds + i, count - i, &group);
		if (group.count == 0)
			continue;
		groups->groups[groups->count++] = group;
		*members += group.count;
	}
	free(rounds);
	if (groups->count == before)
		groups->groups[groups->count++] = (struct group){
			.example = &observed->factors,
			.distance_ns = NAN,
		};
	groups->groups[before].unverified =
		observed->on[SIDE_BASELINE].unverified;
}

/* Copies distances and the flag `moved` from the data set to the rows. */
static void mark_rows(const struct dataset *set, struct rows *rows)
{
	const struct side *side = &set->sides[SIDE_BASELINE];

	for (size_t i = 0; i < side->count; i++) {
		const struct datum *datum = &side->data[i];
		struct record *row = &rows->rows[datum->number];
		int64_t distance = dataset_distance(set, datum);

		if (datum->moved)
			record_add_name(row, COLUMN_flags, "moved");
		if (distance)
			record_set_integer(row, COLUMN_distance_ns, distance);
	}
}

void groups_make(struct rows *rows, struct groups *groups)
{
	const struct record **members;

	memset(groups, 0, sizeof(*groups));
	dataset_init(&groups->set, METRIC_NONE, NULL);
	for (size_t i = 0; i < rows->count; i++) {
		/* An earlier call may have set a distance. */
		record_clear(&rows->rows[i], COLUMN_distance_ns);
		dataset_add_row(&groups->set, SIDE_BASELINE, &rows->rows[i],
				-1);
	}
	dataset_sort(&groups->set);
	mark_rows(&groups->set, rows);
	groups->cells = dataset_cells(&groups->set);
	groups->groups = calloc(rows->count + 1, sizeof(*groups->groups));
	groups->members = calloc(rows->count + 1, sizeof(*groups->members));
	if (!groups->groups || !groups->members)
		abort();
	members = groups->members;
	for (uint32_t i = 0; i < groups->cells; i++)
		add_cell(groups, i, rows, &members);
	groups_choose(groups);
}

void groups_free(struct groups *groups)
{
	free(groups->members);
	free(groups->groups);
	dataset_free(&groups->set);
	memset(groups, 0, sizeof(*groups));
}

void groups_naming(const struct groups *groups, struct naming *naming)
{
	const struct record **rows = calloc(groups->count + 1, sizeof(*rows));

	if (!rows)
		abort();
	for (size_t i = 0; i < groups->count; i++)
		rows[i] = groups->groups[i].example;
	naming_make(naming, rows, groups->count);
	free(rows);
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

int usual_objective(const char *scenario)
{
	const struct scenario *found = registry_find_scenario(scenario);

	return found && found->objective ? column_of(found->objective)
					 : COLUMN_throughput_msg_per_s;
}

int objective_of(const struct record *cell)
{
	const char *scenario = record_text(cell, COLUMN_scenario);
	const struct scenario *found = registry_find_scenario(scenario);
	const char *own = found && found->objective_of_cell
				  ? found->objective_of_cell(cell)
				  : NULL;

	return own ? column_of(own) : usual_objective(scenario);
}

bool has_queues(const char *scenario)
{
	const struct scenario *found = registry_find_scenario(scenario);

	return !found || !found->no_queue;
}
