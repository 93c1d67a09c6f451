/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot_curves.h"
#include "plot_table.h"

enum {
	POINTS_MAX = 256,
	NAME_MAX_BYTES = 160,
};

struct point {
	double x;
	double y;
	double low; /* of the interval; y without one */
	double high;
};

struct series {
	char name[NAME_MAX_BYTES];
	struct point points[POINTS_MAX];
	size_t count;
};

static const char *factor(const struct group *group, int column)
{
	return record_text(group->example, column);
}

static bool is_of(const struct group *group, const char *scenario)
{
	return strcmp(factor(group, COLUMN_scenario), scenario) == 0 &&
	       group->count > 0;
}

static int compare_points(const void *a, const void *b)
{
	const struct point *left = a, *right = b;

	return (left->x > right->x) - (left->x < right->x);
}

/* The plain loop that a pipeline is held against. */
static const struct group *plain_loop(const struct groups *groups,
				      const struct group *like)
{
	const char *program = factor(like, COLUMN_backend);
	bool other = strcmp(program, "python") == 0;

	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		if (is_of(group, "pipeline") &&
		    strcmp(factor(group, COLUMN_stages), "loop") == 0 &&
		    strcmp(factor(group, COLUMN_source),
			   factor(like, COLUMN_source)) == 0 &&
		    (strcmp(factor(group, COLUMN_backend), "python") == 0) ==
			    other)
			return group;
	}
	return NULL;
}

/* A group whose stages but the first are all the same: N+1, N+1, ... */
static bool is_speedup(const struct group *group)
{
	const char *stages = factor(group, COLUMN_stages);
	const char *rest = strchr(stages, '+');

	return is_of(group, "pipeline") && rest && strcmp(rest, "+1") == 0 &&
	       strcmp(factor(group, COLUMN_stop), "event") != 0;
}

static void add_speedup(struct series *series, const struct group *group,
			const struct group *loop)
{
	struct spread own = group_spread(group, COLUMN_throughput_msg_per_s);
	double one = group_spread(loop, COLUMN_throughput_msg_per_s).median;
	struct point *point = &series->points[series->count];

	if (series->count == POINTS_MAX || !(one > 0) || !own.count)
		return;
	point->x = atof(factor(group, COLUMN_stages));
	point->y = own.median / one;
	point->low = own.has_interval ? own.low / one : point->y;
	point->high = own.has_interval ? own.high / one : point->y;
	series->count++;
}

/* Points of the groups that differ from this one in their stages only. */
static void make_speedup(const struct groups *groups, const struct group *group,
			 struct series *series)
{
	static const int except[] = { COLUMN_stages, COLUMN_queues };
	const struct group *loop = plain_loop(groups, group);

	for (size_t i = 0; loop && i < groups->count; i++)
		if (is_speedup(&groups->groups[i]) &&
		    group_same_but(&groups->groups[i], group, except, 2))
			add_speedup(series, &groups->groups[i], loop);
	qsort(series->points, series->count, sizeof(series->points[0]),
	      compare_points);
	snprintf(series->name, sizeof(series->name), "%.40s %.30s %.20s %.20s",
		 factor(group, COLUMN_source), factor(group, COLUMN_backend),
		 factor(group, COLUMN_wait), factor(group, COLUMN_placement));
}

/* Adds the counts of "low:count+low:count" to the points of these lows. */
static void add_histogram(struct series *series, const char *text)
{
	while (*text) {
		char *end;
		double low = strtod(text, &end);
		double count = *end == ':' ? strtod(end + 1, &end) : 0;
		size_t i = 0;

		while (i < series->count && series->points[i].x != low)
			i++;
		if (i == POINTS_MAX || end == text)
			return;
		if (i == series->count) {
			series->points[i] = (struct point){ .x = low };
			series->count++;
		}
		series->points[i].y += count;
		text = end + (*end == '+');
	}
}

/* From counts to the share that is below the next bucket's low end. */
static void make_cumulative(struct series *series)
{
	double total = 0, below = 0;

	qsort(series->points, series->count, sizeof(series->points[0]),
	      compare_points);
	for (size_t i = 0; i < series->count; i++)
		total += series->points[i].y;
	for (size_t i = 0; i < series->count; i++) {
		double count = series->points[i].y;

		series->points[i].y = series->points[i].low =
			series->points[i].high = below / total;
		below += count;
	}
}

static void make_wakeup(const struct group *group, struct series *series)
{
	for (size_t i = 0; i < group->count; i++)
		add_histogram(series, record_text(group->members[i],
						  COLUMN_wake_histogram));
	make_cumulative(series);
	snprintf(series->name, sizeof(series->name), "%.20s %.40s %.20s %.20s",
		 factor(group, COLUMN_event), factor(group, COLUMN_backend),
		 factor(group, COLUMN_wait), factor(group, COLUMN_placement));
}

/* gnuplot takes two empty lines for the end of a series. */
static void write_series(FILE *curves, FILE *names, const struct series *series,
			 size_t number)
{
	fprintf(names, "%zu\t", number);
	plot_put_text(names, series->name);
	fputc('\n', names);
	for (size_t i = 0; i < series->count; i++)
		fprintf(curves, "%.9g\t%.9g\t%.9g\t%.9g\n", series->points[i].x,
			series->points[i].y, series->points[i].low,
			series->points[i].high);
	fprintf(curves, "\n\n");
}

/* Whether a group of the same curve came before this one. */
static bool came_before(const struct groups *groups, size_t number)
{
	static const int except[] = { COLUMN_stages, COLUMN_queues };

	for (size_t i = 0; i < number; i++)
		if (is_speedup(&groups->groups[i]) &&
		    group_same_but(&groups->groups[i], &groups->groups[number],
				   except, 2))
			return true;
	return false;
}

static int compare_names(const void *a, const void *b)
{
	const struct series *left = a, *right = b;

	return strcmp(left->name, right->name);
}

/* Those with more than a point, by name. */
static size_t make_all(const struct groups *groups, bool speedup,
		       struct series *all)
{
	size_t count = 0;

	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		all[count].count = 0;
		if (speedup && is_speedup(group) && !came_before(groups, i))
			make_speedup(groups, group, &all[count]);
		else if (!speedup && is_of(group, "handshake"))
			make_wakeup(group, &all[count]);
		count += all[count].count > 1;
	}
	qsort(all, count, sizeof(*all), compare_names);
	return count;
}

static size_t write_all(const struct groups *groups, bool speedup, FILE *curves,
			FILE *names)
{
	struct series *all = calloc(groups->count + 1, sizeof(*all));
	size_t count;

	if (!all)
		abort();
	count = make_all(groups, speedup, all);
	for (size_t i = 0; i < count; i++)
		write_series(curves, names, &all[i], i);
	free(all);
	return count;
}

const char *curves_write(const char *dir, const struct groups *groups,
			 const char *scenario, int *error, struct fault *fault)
{
	bool speedup = strcmp(scenario, "pipeline") == 0;
	FILE *curves, *names;
	size_t count;

	*error = 0;
	if (!speedup && strcmp(scenario, "handshake") != 0)
		return NULL;
	curves = plot_table_open(dir, "curves.dat", "x, y, low, high", fault);
	names = curves ? plot_table_open(dir, "series.dat", "number, name",
					 fault)
		       : NULL;
	if (!names) {
		if (curves)
			fclose(curves);
		*error = -1;
		return NULL;
	}
	count = write_all(groups, speedup, curves, names);
	*error = plot_table_close(curves, dir, "curves.dat", fault) |
		 plot_table_close(names, dir, "series.dat", fault);
	if (count == 0 || *error)
		return NULL;
	return speedup ? "speedup" : "wakeup";
}
