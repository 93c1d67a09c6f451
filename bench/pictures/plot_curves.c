/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "look.h"
#include "names.h"
#include "plot_curves.h"
#include "plot_table.h"
#include "registry.h"

enum {
	POINTS_MAX = 256,
};

struct point {
	double x;
	double y;
	double low; /* low end of the interval; y if there is no interval */
	double high;
};

struct series {
	char name[NAME_SHORT_MAX];
	const struct record *example;
	struct point points[POINTS_MAX];
	size_t count;
};

static bool is_of(const struct group *group, const char *scenario)
{
	return group->count > 0 && group_is_of(group, scenario);
}

static int compare_points(const void *a, const void *b)
{
	const struct point *left = a, *right = b;

	return (left->x > right->x) - (left->x < right->x);
}

/* The cell whose objective is the unit of this group's curve, or NULL. */
static const struct group *base_of(const struct groups *groups,
				   const struct group *like,
				   const struct picture *picture,
				   const char *scenario)
{
	for (size_t i = 0; i < groups->count; i++)
		if (is_of(&groups->groups[i], scenario) &&
		    factor_compare(groups->groups[i].example, like->example,
				   COLUMN_distance_ns) == 0 &&
		    picture->is_base(groups->groups[i].example, like->example))
			return &groups->groups[i];
	return NULL;
}

static void add_point(struct series *series, const struct group *group,
		      const struct group *base, double x, int objective)
{
	struct spread own = group_spread(group, objective);
	double one = base ? group_spread(base, objective).median : 1;
	struct point *point = &series->points[series->count];

	if (series->count == POINTS_MAX || !(one > 0) || !own.count)
		return;
	point->x = x;
	point->y = own.median / one;
	point->low = own.has_interval ? own.low / one : point->y;
	point->high = own.has_interval ? own.high / one : point->y;
	series->count++;
}

/* Finds the columns along a curve by their names. */
static size_t columns_along(const struct picture *picture,
			    int columns[RECORD_COLUMNS_MAX])
{
	const char *word = picture->along ? picture->along : "";
	size_t count = 0;

	while (*word) {
		char name[CELL_TEXT_MAX];
		size_t length = strcspn(word, " ");

		snprintf(name, sizeof(name), "%.*s", (int)length, word);
		columns[count++] = column_of(name);
		word += length + strspn(word + length, " ");
	}
	return count;
}

/* Adds the points of all groups that differ from this group only in the columns
 * along the curve. Adds no points if one of these groups precedes this group:
 * the run then has this curve already. */
static void make_curve(const struct groups *groups, const struct group *group,
		       const struct picture *picture, const char *scenario,
		       struct series *series)
{
	const struct group *base = NULL;
	int columns[RECORD_COLUMNS_MAX];
	size_t excepted = columns_along(picture, columns);
	double x;

	if (picture->is_base) {
		base = base_of(groups, group, picture, scenario);
		if (!base)
			return;
	}
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *other = &groups->groups[i];

		if (!is_of(other, scenario) ||
		    !picture->place(other->example, &x) ||
		    !group_same_but(other, group, columns, excepted))
			continue;
		if (other < group)
			return;
		add_point(series, other, base, x,
			  picture->column ? column_of(picture->column)
					  : objective_of(group->example));
	}
	qsort(series->points, series->count, sizeof(series->points[0]),
	      compare_points);
}

/* Adds the counts of a histogram "LOW:COUNT+LOW:COUNT" to the points at LOW. */
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

/* Turns counts into cumulative shares: values below the end of each bucket. */
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

static void make_histogram(const struct group *group, int column,
			   struct series *series)
{
	for (size_t i = 0; i < group->count; i++)
		add_histogram(series, record_text(group->members[i], column));
	make_cumulative(series);
}

static const char *backend_of(const struct curve *curve)
{
	return record_text(curve->cell, COLUMN_backend);
}

int curves_write_names(const char *dir, const struct curve *curves,
		       size_t count, struct fault *fault)
{
	FILE *file = plot_table_open(dir, "series.dat",
				     "number, name, colour, mark, dash", fault);
	bool queues = count == 1;

	if (!file)
		return -1;
	for (size_t i = 1; i < count; i++)
		queues |= strcmp(backend_of(&curves[i]),
				 backend_of(&curves[0])) != 0;
	for (size_t i = 0; i < count; i++) {
		struct look look = queues ? look_of(backend_of(&curves[i]))
					  : look_of_number(i);
		int dash = 1;

		for (size_t j = 0; queues && j < i; j++)
			dash += strcmp(backend_of(&curves[i]),
				       backend_of(&curves[j])) == 0;
		fprintf(file, "%zu\t", i);
		plot_put_text(file, curves[i].name);
		fprintf(file, "\t%u\t%d\t%d\n", look.colour, look.mark, dash);
	}
	return plot_table_close(file, dir, "series.dat", fault);
}

/* Two empty lines end a series in gnuplot. */
static void write_series(FILE *curves, const struct series *series)
{
	for (size_t i = 0; i < series->count; i++)
		fprintf(curves, "%.9g\t%.9g\t%.9g\t%.9g\n", series->points[i].x,
			series->points[i].y, series->points[i].low,
			series->points[i].high);
	fprintf(curves, "\n\n");
}

static int compare_series(const void *a, const void *b)
{
	const struct series *left = a, *right = b;

	return cell_compare(left->example, right->example);
}

/* Names each series by the factors in which the series differ. */
static void name_all(struct series *all, size_t count,
		     const struct record *const *cells,
		     const struct words_axis *along)
{
	struct naming naming;

	naming_make(&naming, cells, count);
	for (size_t i = 0; i < along->count; i++)
		naming.shown[along->columns[i]] = false;
	for (size_t i = 0; i < count; i++)
		name_short(&naming, all[i].example, all[i].name);
}

/* Makes the series with more than one point, in the order of cells. */
static size_t make_all(const struct groups *groups, const char *scenario,
		       const struct picture *picture, struct series *all)
{
	size_t count = 0;
	double x;

	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		if (!is_of(group, scenario))
			continue;
		all[count].count = 0;
		all[count].example = group->example;
		if (picture->kind != PICTURE_CURVES)
			make_histogram(group, column_of(picture->column),
				       &all[count]);
		else if (picture->place(group->example, &x))
			make_curve(groups, group, picture, scenario,
				   &all[count]);
		count += all[count].count > 1;
	}
	qsort(all, count, sizeof(*all), compare_series);
	return count;
}

static int write_all(const char *dir, const struct series *all, size_t count,
		     struct fault *fault)
{
	struct curve *names = calloc(count, sizeof(*names));
	FILE *curves = plot_table_open(dir, "curves.dat", "x, y, low, high",
				       fault);
	int error = -1;

	if (!names)
		abort();
	for (size_t i = 0; i < count; i++)
		names[i] = (struct curve){ all[i].example, all[i].name };
	if (curves) {
		for (size_t i = 0; i < count; i++)
			write_series(curves, &all[i]);
		error = plot_table_close(curves, dir, "curves.dat", fault) ||
			curves_write_names(dir, names, count, fault);
	}
	free(names);
	return error ? -1 : 0;
}

static void find_words(const char *scenario, const struct picture *picture,
		       const struct record *const *cells, size_t count,
		       const struct words_axis *along, struct words *words)
{
	memset(words, 0, sizeof(*words));
	words_title(words, scenario, picture->title, along, cells, count);
	snprintf(words->x, WORDS_MAX, "%s", picture->x_title);
	snprintf(words->y, WORDS_MAX, "%s", picture->y_title);
	if (picture->kind != PICTURE_CURVES)
		words_note(words, NOTE_PLAIN,
			   "A curve contains all observations of a cell");
	else
		words_note(words, NOTE_MEDIAN, "median of the rounds");
	if (picture->is_base)
		words_note(words, NOTE_BOUND, "1 means no gain");
}

int curves_write(const char *dir, const struct groups *groups,
		 const char *scenario, const struct picture *picture,
		 struct words *words, size_t *count, struct fault *fault)
{
	struct series *all = calloc(groups->count + 1, sizeof(*all));
	const struct record **cells;
	int columns[RECORD_COLUMNS_MAX];
	struct words_axis along = { .columns = columns };
	int error = 0;

	if (!all)
		abort();
	along.count = columns_along(picture, columns);
	*count = make_all(groups, scenario, picture, all);
	if (*count) {
		cells = calloc(*count, sizeof(*cells));
		if (!cells)
			abort();
		for (size_t i = 0; i < *count; i++)
			cells[i] = all[i].example;
		name_all(all, *count, cells, &along);
		find_words(scenario, picture, cells, *count, &along, words);
		error = write_all(dir, all, *count, fault);
		free(cells);
	}
	free(all);
	return error;
}
