/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "registry.h"
#include "sweep.h"

enum {
	POINTS_MIN = 3,
};

static void add_threads(struct sweep_axis *axis, const char *name,
			const char *title, const char *by_rows)
{
	*axis = (struct sweep_axis){
		.columns = { COLUMN_consumers, COLUMN_producers },
		.count = 2,
		.least = POINTS_MIN,
		.threads = !by_rows,
		.by_rows = by_rows,
	};
	snprintf(axis->name, sizeof(axis->name), "%s", name);
	snprintf(axis->title, sizeof(axis->title), "%s", title);
}

static void add_param(struct sweep_axis *axis, const struct param *param,
		      int column)
{
	const struct column *found = &results_schema.columns[column];
	/* Durations and rates are printed with their unit, so the title needs
	 * none. */
	bool unit = *found->unit && strcmp(found->unit, "ns") != 0 &&
		    strcmp(found->unit, "1/s") != 0;

	*axis = (struct sweep_axis){
		.columns = { column },
		.count = 1,
		/* Two loads show whether the latency rises. */
		.least = param->kind == PARAM_RATE ? 2 : POINTS_MIN,
	};
	snprintf(axis->name, sizeof(axis->name), "%.60s", found->name);
	snprintf(axis->title, sizeof(axis->title), "%.30s%s%.30s", param->name,
		 unit ? ", " : "", unit ? found->unit : "");
}

static bool is_number(const struct param *param)
{
	return param->kind == PARAM_COUNT || param->kind == PARAM_TIME ||
	       param->kind == PARAM_BYTES || param->kind == PARAM_RATE;
}

size_t sweep_axes(const char *scenario, struct sweep_axis axes[SWEEP_AXES_MAX])
{
	const struct scenario *found = registry_find_scenario(scenario);
	const struct param *own = found ? found->params : NULL;
	size_t count = 0;

	add_param(&axes[count++], param_find("capacity"), COLUMN_capacity);
	for (; own && own->name && count < SWEEP_AXES_MAX - 2; own++) {
		char name[CELL_TEXT_MAX];

		if (!is_number(own))
			continue;
		param_column_name(own, name);
		add_param(&axes[count++], own, column_of(name));
	}
	add_threads(&axes[count++], "threads", "threads", NULL);
	add_threads(&axes[count++], "shape", "consumers", "producers");
	return count;
}

/* Finds the point of the group. Returns false if the group is not on the axis.
 */
static bool place(const struct sweep_axis *axis, const struct group *group,
		  struct sweep_point *point)
{
	const struct record *row = group->example;
	double x = record_number(row, axis->columns[0]);

	point->group = group;
	point->row = axis->count > 1 ? record_number(row, axis->columns[1]) : 0;
	point->x = x;
	if (axis->threads && !record_has(row, COLUMN_consumers))
		point->x = point->row; /* all threads are of one kind */
	else if (axis->threads)
		/* Only cells with as many producers as consumers; otherwise two
		 * cells could have the same x. */
		point->x = x == point->row ? 2 * x : 0;
	/* The axis is logarithmic. */
	return point->x > 0 && (axis->count < 2 || point->row > 0);
}

/* Whether the group is a cell of the scenario and can be part of the sweep. */
static bool fits(const struct group *group, const char *scenario,
		 const struct sweep *sweep)
{
	struct sweep_point point;

	return group_is_of(group, scenario) && group->count > 0 &&
	       objective_of(group->example) == sweep->objective &&
	       !registry_is_not_a_queue(
		       record_text(group->example, COLUMN_backend)) &&
	       place(sweep->axis, group, &point);
}

static int compare_points(const void *a, const void *b)
{
	const struct sweep_point *left = a, *right = b;

	if (left->x != right->x)
		return left->x > right->x ? 1 : -1;
	return (left->row > right->row) - (left->row < right->row);
}

/* Makes a series of all groups that equal group `number` except along the
 * axis. */
static void collect(const struct groups *groups, size_t number,
		    const char *scenario, const struct sweep *sweep,
		    struct sweep_series *series)
{
	const struct sweep_axis *axis = sweep->axis;

	series->count = 0;
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		if (!fits(group, scenario, sweep) ||
		    !group_same_but(group, &groups->groups[number],
				    axis->columns, axis->count))
			continue;
		if (i < number) {
			series->count =
				0; /* the series is already in the sweep */
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

static int compare_series(const void *a, const void *b)
{
	return cell_compare(factors(a), factors(b));
}

/* Names the series by the factors in which they differ, and by the backend. */
static void name_series(struct sweep *sweep)
{
	const struct record **rows = calloc(sweep->count + 1, sizeof(*rows));
	struct naming naming;

	if (!rows)
		abort();
	for (size_t i = 0; i < sweep->count; i++)
		rows[i] = factors(&sweep->series[i]);
	naming_make(&naming, rows, sweep->count);
	free(rows);
	if (sweep->count)
		naming.shown[COLUMN_backend] &= has_queues(record_text(
			factors(&sweep->series[0]), COLUMN_scenario));
	for (size_t i = 0; i < sweep->axis->count; i++)
		naming.shown[sweep->axis->columns[i]] = false;
	for (size_t i = 0; i < sweep->count; i++)
		name_short(&naming, factors(&sweep->series[i]),
			   sweep->series[i].name);
}

void sweep_find(const struct groups *groups, const char *scenario,
		int objective, const struct sweep_axis *axis,
		struct sweep *sweep)
{
	size_t most = 0;

	sweep->axis = axis;
	sweep->objective = objective;
	sweep->count = 0;
	sweep->series = calloc(groups->count + 1, sizeof(*sweep->series));
	if (!sweep->series)
		abort();
	for (size_t i = 0; i < groups->count; i++) {
		struct sweep_series *series = &sweep->series[sweep->count];

		if (!fits(&groups->groups[i], scenario, sweep))
			continue;
		collect(groups, i, scenario, sweep, series);
		most = series->count > most ? series->count : most;
		sweep->count += series->count > 1;
	}
	if (most < axis->least)
		sweep->count = 0;
	qsort(sweep->series, sweep->count, sizeof(*sweep->series),
	      compare_series);
	name_series(sweep);
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
