/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plot_bounds.h"
#include "plot_table.h"
#include "words.h"

/* The bound of a cell, and the cell's position on the x axis. */
struct bound_point {
	double x;
	const struct group *bound;
};

/* Whether both bounds differ only along the axis, so that a line joins them. */
static bool is_one_line(const struct sweep *sweep, const struct bound_point *a,
			const struct bound_point *b)
{
	const int *columns = sweep->axis->columns;
	int except[] = { COLUMN_backend, COLUMN_capacity, COLUMN_duration_ns,
			 columns[0], columns[1] };

	return group_same_but(a->bound, b->bound, except,
			      3 + sweep->axis->count);
}

/* The bounds without duplicates, sorted by line and x. The caller frees them.
 */
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

static double median(const struct group *group)
{
	return group_spread(group, objective_of(group->example)).median;
}

static const char *name_of(const struct bound_point *bound)
{
	return record_text(bound->bound->example, COLUMN_backend);
}

static void write_lines(const struct sweep *sweep,
			const struct bound_point *bounds, size_t count,
			FILE *lines, FILE *names)
{
	for (size_t i = 0; i < count; i++) {
		const struct bound_point *last = i > 0 ? &bounds[i - 1] : NULL;
		bool goes_on = i + 1 < count &&
			       is_one_line(sweep, &bounds[i], &bounds[i + 1]);
		double y = median(bounds[i].bound);
		char name[NAME_SHORT_MAX];

		if (last && !is_one_line(sweep, last, &bounds[i]))
			last = NULL;
		if (last)
			fprintf(lines, "%.9g\t%.9g\t%.9g\t%.9g\n", last->x,
				median(last->bound), bounds[i].x - last->x,
				y - median(last->bound));
		else if (!goes_on) /* a bound with only one point is drawn as
				      one dash */
			fprintf(lines, "%.9g\t%.9g\t%.9g\t0\n",
				bounds[i].x * 0.9, y, bounds[i].x * 0.2);
		if (last && strcmp(name_of(last), name_of(&bounds[i])) == 0)
			continue;
		fprintf(names, "%.9g\t%.9g\t", bounds[i].x, y);
		words_bound(bounds[i].bound, name);
		plot_put_text(names, name);
		fputc('\n', names);
	}
}

int plot_bounds_write(const char *dir, const struct sweep *sweep,
		      struct fault *fault)
{
	FILE *lines = plot_table_open(dir, "bounds.dat",
				      "x, value, x and value of the next "
				      "point",
				      fault);
	FILE *names = lines ? plot_table_open(dir, "bound_names.dat",
					      "x, value, name", fault)
			    : NULL;
	struct bound_point *bounds;
	size_t count;
	int error;

	if (!names) {
		if (lines)
			fclose(lines);
		return -1;
	}
	bounds = find_bounds(sweep, &count);
	write_lines(sweep, bounds, count, lines, names);
	free(bounds);
	error = plot_table_close(lines, dir, "bounds.dat", fault);
	return plot_table_close(names, dir, "bound_names.dat", fault) || error
		       ? -1
		       : 0;
}
