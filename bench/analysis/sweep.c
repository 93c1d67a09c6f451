/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "registry.h"
#include "sweep.h"

const struct sweep_axis sweep_axes[] = {
	{ "capacity", "capacity, messages", NULL },
	{ "batch", "batch, messages", NULL },
	{ "payload_bytes", "payload, bytes", NULL },
	{ "threads", "producers x consumers", NULL },
	{ "shape", "consumers", "producers" },
	{ NULL, NULL, NULL },
};

static bool is_threads(const struct sweep_axis *axis)
{
	return strcmp(axis->name, "threads") == 0;
}

size_t sweep_columns(const struct sweep_axis *axis, int columns[2])
{
	if (is_threads(axis) || axis->by_rows) {
		columns[0] = COLUMN_consumers;
		columns[1] = COLUMN_producers;
		return 2;
	}
	columns[0] = schema_find(&results_schema, axis->name);
	return columns[0] >= 0;
}

/* Where the group stands on the axis; false where it has no place there. */
static bool place(const struct sweep_axis *axis, const struct group *group,
		  struct sweep_point *point)
{
	const struct record *row = group->example;
	int columns[2];
	size_t count = sweep_columns(axis, columns);

	if (!count || !(record_number(row, columns[0]) > 0))
		return false;
	point->group = group;
	point->x = record_number(row, columns[0]);
	point->row = count > 1 ? record_number(row, columns[1]) : 0;
	if (!is_threads(axis))
		return count < 2 || point->row > 0;
	/* As many on each side, or two shapes would share a place. */
	if (point->x != point->row)
		return false;
	point->x *= 2;
	return true;
}

/* Whether it is one of the scenario's cells that can be swept. */
static bool fits(const struct group *group, const char *scenario,
		 const struct sweep_axis *axis)
{
	struct sweep_point point;

	return strcmp(record_text(group->example, COLUMN_scenario), scenario) ==
		       0 &&
	       group->count > 0 &&
	       !registry_is_floor(
		       record_text(group->example, COLUMN_backend)) &&
	       place(axis, group, &point);
}

static int compare_points(const void *a, const void *b)
{
	const struct sweep_point *left = a, *right = b;

	if (left->x != right->x)
		return left->x > right->x ? 1 : -1;
	return (left->row > right->row) - (left->row < right->row);
}

/* All groups like the one of this number, which is the first of them. */
static void collect(const struct groups *groups, size_t number,
		    const char *scenario, const struct sweep_axis *axis,
		    struct sweep_series *series)
{
	int columns[2];
	size_t excepted = sweep_columns(axis, columns);

	series->count = 0;
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		if (!fits(group, scenario, axis) ||
		    !group_same_but(group, &groups->groups[number], columns,
				    excepted))
			continue;
		if (i < number) {
			series->count = 0; /* it was collected before */
			return;
		}
		if (series->count < SWEEP_POINTS_MAX)
			place(axis, group, &series->points[series->count++]);
	}
	qsort(series->points, series->count, sizeof(series->points[0]),
	      compare_points);
}

static const struct record *factors(const struct sweep_series *series)
{
	return series->points[0].group->example;
}

/* Whether the column tells series apart and is no part of the axis. */
static bool tells_apart(const struct sweep *sweep, int column)
{
	int columns[2];
	size_t count = sweep_columns(sweep->axis, columns);
	char first[RECORD_FIELD_MAX], other[RECORD_FIELD_MAX];

	if (results_schema.columns[column].role != ROLE_FACTOR ||
	    column == COLUMN_backend || column == COLUMN_duration_ns)
		return false;
	for (size_t i = 0; i < count; i++)
		if (columns[i] == column)
			return false;
	record_format(factors(&sweep->series[0]), column, first);
	for (size_t i = 1; i < sweep->count; i++) {
		record_format(factors(&sweep->series[i]), column, other);
		if (strcmp(first, other) != 0)
			return true;
	}
	return false;
}

static void append(char name[SWEEP_NAME_MAX], const struct record *row,
		   int column)
{
	bool text = results_schema.columns[column].type == TYPE_TEXT;
	size_t length = strlen(name);
	char value[RECORD_FIELD_MAX];

	record_format(row, column, value);
	if (!*value)
		return;
	if (text)
		snprintf(name + length, SWEEP_NAME_MAX - length, " %.60s",
			 value);
	else
		snprintf(name + length, SWEEP_NAME_MAX - length, ", %s %.60s",
			 results_schema.columns[column].name, value);
}

static void name_series(struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->count; i++)
		snprintf(sweep->series[i].name, SWEEP_NAME_MAX, "%.60s",
			 record_text(factors(&sweep->series[i]),
				     COLUMN_backend));
	for (int c = 0; c < (int)results_schema.count; c++)
		for (size_t i = 0; i < sweep->count && tells_apart(sweep, c);
		     i++)
			append(sweep->series[i].name,
			       factors(&sweep->series[i]), c);
}

static int compare_names(const void *a, const void *b)
{
	const struct sweep_series *left = a, *right = b;

	return strcmp(left->name, right->name);
}

void sweep_find(const struct groups *groups, const char *scenario,
		const struct sweep_axis *axis, struct sweep *sweep)
{
	size_t most = 0;

	sweep->axis = axis;
	sweep->count = 0;
	sweep->series = calloc(groups->count + 1, sizeof(*sweep->series));
	if (!sweep->series)
		abort();
	for (size_t i = 0; i < groups->count; i++) {
		struct sweep_series *series = &sweep->series[sweep->count];

		if (!fits(&groups->groups[i], scenario, axis))
			continue;
		collect(groups, i, scenario, axis, series);
		most = series->count > most ? series->count : most;
		sweep->count += series->count > 1;
	}
	if (most < 3)
		sweep->count = 0;
	name_series(sweep);
	qsort(sweep->series, sweep->count, sizeof(*sweep->series),
	      compare_names);
}

void sweep_free(struct sweep *sweep)
{
	free(sweep->series);
	memset(sweep, 0, sizeof(*sweep));
}

bool sweep_is_oversubscribed(const struct group *group)
{
	bool found = false;

	for (size_t i = 0; i < group->count; i++)
		found |= record_has_name(group->members[i], COLUMN_flags,
					 "oversubscribed");
	return found;
}
