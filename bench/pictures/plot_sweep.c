/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot_sweep.h"
#include "plot_table.h"
#include "bound.h"
#include "text.h"

enum {
	TICKS_MAX = 2 * SWEEP_POINTS_MAX,
	LABEL_MAX = 64,
};

/* Different values in rising order: places along an axis. */
struct ticks {
	double values[TICKS_MAX];
	size_t count;
};

static void add_tick(struct ticks *ticks, double value)
{
	size_t at = 0;

	while (at < ticks->count && ticks->values[at] < value)
		at++;
	if ((at < ticks->count && ticks->values[at] == value) ||
	    ticks->count == TICKS_MAX)
		return;
	memmove(ticks->values + at + 1, ticks->values + at,
		(ticks->count++ - at) * sizeof(double));
	ticks->values[at] = value;
}

static size_t tick_of(const struct ticks *ticks, double value)
{
	size_t at = 0;

	while (at + 1 < ticks->count && ticks->values[at] < value)
		at++;
	return at;
}

/* Of the points' x, or of their rows. */
static struct ticks find_ticks(const struct sweep *sweep, bool rows)
{
	struct ticks ticks = { .count = 0 };

	for (size_t i = 0; i < sweep->count; i++)
		for (size_t j = 0; j < sweep->series[i].count; j++)
			add_tick(&ticks, rows ? sweep->series[i].points[j].row
					      : sweep->series[i].points[j].x);
	return ticks;
}

/* "64Ki" for 65536, "1000" for 1000. */
static void format_power(double value, char text[LABEL_MAX])
{
	int64_t number = (int64_t)value;
	const char *unit = "";

	if (number >= 1 << 20 && number % (1 << 20) == 0) {
		number >>= 20;
		unit = "Mi";
	} else if (number >= 1 << 10 && number % (1 << 10) == 0) {
		number >>= 10;
		unit = "Ki";
	}
	snprintf(text, LABEL_MAX, "%" PRId64 "%s", number, unit);
}

static double rate(const struct group *group)
{
	return group_spread(group, COLUMN_throughput_msg_per_s).median;
}

/* At a number of threads, what they are and whether there are CPUs for them. */
static void format_tick(const struct sweep *sweep, double x,
			char text[LABEL_MAX])
{
	bool over = false;

	if (strcmp(sweep->axis->name, "threads") != 0) {
		format_power(x, text);
		return;
	}
	for (size_t i = 0; i < sweep->count; i++)
		for (size_t j = 0; j < sweep->series[i].count; j++)
			over |= sweep->series[i].points[j].x == x &&
				sweep_is_oversubscribed(
					sweep->series[i].points[j].group);
	snprintf(text, LABEL_MAX, "%.0fx%.0f%s", x / 2, x / 2,
		 over ? " oversubscribed" : "");
}

/* A table that is being written. */
struct table {
	const char *dir;
	const char *name;
	FILE *file;
};

static FILE *open_table(struct table *table, const char *dir, const char *name,
			const char *header, struct fault *fault)
{
	table->dir = dir;
	table->name = name;
	table->file = plot_table_open(dir, name, header, fault);
	return table->file;
}

static int close_table(struct table *table, struct fault *fault)
{
	return plot_table_close(table->file, table->dir, table->name, fault);
}

static void put_name(FILE *file, size_t number, const char *name)
{
	fprintf(file, "%zu\t", number);
	plot_put_text(file, name);
	fputc('\n', file);
}

/* gnuplot takes two empty lines for the end of a series. */
static int write_curves(const char *dir, const struct sweep *sweep,
			struct fault *fault)
{
	struct table table;

	if (!open_table(&table, dir, "curves.dat",
			"x, median, low, high (messages/s), oversubscribed",
			fault))
		return -1;
	for (size_t i = 0; i < sweep->count; i++) {
		const struct sweep_series *series = &sweep->series[i];

		for (size_t j = 0; j < series->count; j++) {
			const struct sweep_point *point = &series->points[j];
			struct spread spread = group_spread(
				point->group, COLUMN_throughput_msg_per_s);

			fprintf(table.file, "%.9g\t%.9g\t%.9g\t%.9g\t%d\n",
				point->x, spread.median,
				spread.has_interval ? spread.low
						    : spread.median,
				spread.has_interval ? spread.high
						    : spread.median,
				sweep_is_oversubscribed(point->group));
		}
		fprintf(table.file, "\n\n");
	}
	return close_table(&table, fault);
}

static int write_series(const char *dir, const char *name,
			const struct sweep *sweep, struct fault *fault)
{
	struct table table;

	if (!open_table(&table, dir, name, "number, name", fault))
		return -1;
	for (size_t i = 0; i < sweep->count; i++)
		put_name(table.file, i, sweep->series[i].name);
	return close_table(&table, fault);
}

static int write_ticks(const char *dir, const struct sweep *sweep,
		       const struct ticks *ticks, struct fault *fault)
{
	struct table table;
	char text[LABEL_MAX];

	if (!open_table(&table, dir, "ticks.dat", "x, name", fault))
		return -1;
	for (size_t i = 0; i < ticks->count; i++) {
		format_tick(sweep, ticks->values[i], text);
		fprintf(table.file, "%.9g\t", ticks->values[i]);
		plot_put_text(table.file, text);
		fputc('\n', table.file);
	}
	return close_table(&table, fault);
}

/* Whole decades around all medians, the bounds' included. */
static int write_range(const char *dir, const struct sweep *sweep,
		       const struct ticks *ticks, struct fault *fault)
{
	double low = INFINITY, high = 0;
	struct table table;

	for (size_t i = 0; i < sweep->count; i++) {
		for (size_t j = 0; j < sweep->series[i].count; j++) {
			const struct group *group =
				sweep->series[i].points[j].group;

			low = fmin(low, rate(group));
			high = fmax(high, rate(group));
			if (group->bound)
				high = fmax(high, rate(group->bound));
		}
	}
	low = low > 0 && isfinite(low) ? pow(10, floor(log10(low))) : 1;
	high = high > low ? pow(10, ceil(log10(high))) : 10 * low;
	if (!open_table(&table, dir, "range.dat",
			"x and messages/s: lowest, then highest", fault))
		return -1;
	fprintf(table.file, "%.9g\t%.9g\n%.9g\t%.9g\n", ticks->values[0] / 1.3,
		low, ticks->values[ticks->count - 1] * 1.3, high);
	return close_table(&table, fault);
}

/* The bound of a cell, at its x. */
struct bound_point {
	double x;
	const struct group *bound;
};

/* Whether both are of one line: bounds that differ along the axis only. */
static bool is_one_line(const struct sweep *sweep, const struct bound_point *a,
			const struct bound_point *b)
{
	int except[5] = { COLUMN_backend, COLUMN_capacity, COLUMN_duration_ns };
	size_t count = sweep_columns(sweep->axis, except + 3);

	return group_same_but(a->bound, b->bound, except, 3 + count);
}

/* Each bound once at each x, by line and by x; the caller frees them. */
static struct bound_point *find_bounds(const struct sweep *sweep, size_t *count)
{
	struct bound_point *bounds = calloc(sweep->count * SWEEP_POINTS_MAX + 1,
					    sizeof(*bounds));

	if (!bounds)
		abort();
	*count = 0;
	for (size_t i = 0; i < sweep->count; i++) {
		for (size_t j = 0; j < sweep->series[i].count; j++) {
			const struct sweep_point *point =
				&sweep->series[i].points[j];
			struct bound_point bound = { point->x,
						     point->group->bound };
			size_t at = 0, past;

			if (!bound.bound)
				continue;
			while (at < *count &&
			       !is_one_line(sweep, &bounds[at], &bound))
				at++;
			past = at;
			while (past < *count && bounds[past].x < bound.x &&
			       is_one_line(sweep, &bounds[past], &bound))
				past++;
			if (past < *count && bounds[past].x == bound.x &&
			    is_one_line(sweep, &bounds[past], &bound))
				continue;
			memmove(bounds + past + 1, bounds + past,
				((*count)++ - past) * sizeof(*bounds));
			bounds[past] = bound;
		}
	}
	return bounds;
}

static const char *name_of(const struct bound_point *bound)
{
	return record_text(bound->bound->example, COLUMN_backend);
}

/* Dashes from each bound to the next one, and a name where it begins. */
static int write_bounds(const char *dir, const struct sweep *sweep,
			struct fault *fault)
{
	size_t count;
	struct bound_point *bounds = find_bounds(sweep, &count);
	struct table lines, names = { .file = NULL };
	int error = -1;

	if (open_table(&lines, dir, "bounds.dat",
		       "x, messages/s, and to the next one", fault)) {
		open_table(&names, dir, "bound_names.dat",
			   "x, messages/s, name", fault);
		if (!names.file)
			fclose(lines.file);
	}
	for (size_t i = 0; names.file && i < count; i++) {
		const struct bound_point *last = i > 0 ? &bounds[i - 1] : NULL;
		double y = rate(bounds[i].bound);

		if (last && !is_one_line(sweep, last, &bounds[i]))
			last = NULL;
		if (last)
			fprintf(lines.file, "%.9g\t%.9g\t%.9g\t%.9g\n", last->x,
				rate(last->bound), bounds[i].x - last->x,
				y - rate(last->bound));
		if (last && strcmp(name_of(last), name_of(&bounds[i])) == 0)
			continue;
		fprintf(names.file, "%.9g\t%.9g\t", bounds[i].x, y);
		plot_put_text(names.file, name_of(&bounds[i]));
		fputc('\n', names.file);
	}
	if (names.file)
		error = close_table(&lines, fault) | close_table(&names, fault);
	free(bounds);
	return error;
}

static int write_map(const char *dir, const struct sweep *sweep,
		     const struct ticks *columns, const struct ticks *rows,
		     struct fault *fault)
{
	struct table table;

	if (!open_table(&table, dir, "map.dat",
			"panel, column, row, messages/s, and as a text, share "
			"of the bound, oversubscribed",
			fault))
		return -1;
	for (size_t i = 0; i < sweep->count; i++) {
		for (size_t j = 0; j < sweep->series[i].count; j++) {
			const struct sweep_point *point =
				&sweep->series[i].points[j];
			char text[TEXT_NUMBER_MAX], share[LABEL_MAX] = "";
			bool by_rows = sweep->axis->by_rows;

			text_format_short(rate(point->group), text);
			if (point->group->bound) {
				double percent = 100 *
						 bound_share(point->group);

				snprintf(share, sizeof(share),
					 percent < 9.95 ? "%.2g %%" : "%.0f %%",
					 percent);
			}
			fprintf(table.file,
				"%zu\t%zu\t%zu\t%.9g\t\"%s\"\t\"%s\"\t\"%s\"\n",
				by_rows ? i : 0, tick_of(columns, point->x),
				by_rows ? tick_of(rows, point->row) : i,
				rate(point->group), text, share,
				sweep_is_oversubscribed(point->group)
					? "oversubscribed"
					: "");
		}
	}
	return close_table(&table, fault);
}

/* The columns of a map, or the rows where they are numbers. */
static int write_places(const char *dir, const char *name,
			const struct sweep *sweep, const struct ticks *ticks,
			struct fault *fault)
{
	struct table table;
	char text[LABEL_MAX];

	if (!open_table(&table, dir, name, "number, name", fault))
		return -1;
	for (size_t i = 0; i < ticks->count; i++) {
		format_tick(sweep, ticks->values[i], text);
		put_name(table.file, i, text);
	}
	return close_table(&table, fault);
}

static int write_lone_panel(const char *dir, struct fault *fault)
{
	struct table table;

	if (!open_table(&table, dir, "panels.dat", "number, name", fault))
		return -1;
	put_name(table.file, 0, "");
	return close_table(&table, fault);
}

int plot_sweep_write(const char *dir, const struct sweep *sweep,
		     struct fault *fault)
{
	struct ticks columns = find_ticks(sweep, false);
	struct ticks rows = find_ticks(sweep, true);

	if (write_map(dir, sweep, &columns, &rows, fault) ||
	    write_places(dir, "columns.dat", sweep, &columns, fault))
		return -1;
	if (sweep->axis->by_rows)
		return write_places(dir, "rows.dat", sweep, &rows, fault) ||
				       write_series(dir, "panels.dat", sweep,
						    fault)
			       ? -1
			       : 0;
	if (write_lone_panel(dir, fault) ||
	    write_series(dir, "rows.dat", sweep, fault) ||
	    write_series(dir, "series.dat", sweep, fault) ||
	    write_curves(dir, sweep, fault) ||
	    write_ticks(dir, sweep, &columns, fault) ||
	    write_range(dir, sweep, &columns, fault) ||
	    write_bounds(dir, sweep, fault))
		return -1;
	return 0;
}
