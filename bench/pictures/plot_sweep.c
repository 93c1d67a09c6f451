/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot_bounds.h"
#include "plot_curves.h"
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

/* Collects the x of all points, or the rows of all points. */
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

static const char *scenario_of(const struct sweep *sweep)
{
	return record_text(sweep->series[0].points[0].group->example,
			   COLUMN_scenario);
}

static double median(const struct sweep *sweep, const struct group *group)
{
	return group_spread(group, sweep->objective).median;
}

/* The first point with this x and this row. */
static const struct record *row_at(const struct sweep *sweep, double x)
{
	for (size_t i = 0; i < sweep->count; i++)
		for (size_t j = 0; j < sweep->series[i].count; j++)
			if (sweep->series[i].points[j].x == x)
				return sweep->series[i]
					.points[j]
					.group->example;
	return NULL;
}

/* Formats a value of the axis: "2x2" for threads, "1ms", "50k/s", "64Ki". */
static void format_tick(const struct sweep *sweep, double x,
			char text[LABEL_MAX])
{
	const struct record *row = row_at(sweep, x);
	int column = sweep->axis->columns[0];

	if (sweep->axis->threads && row && record_has(row, COLUMN_consumers))
		snprintf(text, LABEL_MAX, "%.0fx%.0f", x / 2, x / 2);
	else if (strcmp(results_schema.columns[column].unit, "ns") == 0)
		text_format_duration((int64_t)x, text);
	else if (strcmp(results_schema.columns[column].unit, "1/s") == 0)
		text_format_rate((int64_t)x, text);
	else
		format_power(x, text);
}

/* An open table. */
struct output {
	const char *dir;
	const char *name;
	FILE *file;
};

static FILE *open_output(struct output *output, const char *dir,
			 const char *name, const char *header,
			 struct fault *fault)
{
	output->dir = dir;
	output->name = name;
	output->file = plot_table_open(dir, name, header, fault);
	return output->file;
}

static int close_output(struct output *output, struct fault *fault)
{
	return plot_table_close(output->file, output->dir, output->name, fault);
}

static void put_name(FILE *file, size_t number, const char *name)
{
	fprintf(file, "%zu\t", number);
	plot_put_text(file, name);
	fputc('\n', file);
}

/* Two empty lines end a series in gnuplot. */
/* Shifts each series a little along x, so that bars do not overlap. */
static double drawn_x(const struct sweep *sweep, const struct ticks *ticks,
		      size_t series, double x)
{
	double octaves = log2(ticks->values[ticks->count - 1] /
			      ticks->values[0]);
	double part = ((double)series + 0.5) / (double)sweep->count - 0.5;

	return x * exp2(fmax(0.24, 0.018 * octaves) * part);
}

static int write_curves(const char *dir, const struct sweep *sweep,
			const struct ticks *ticks, struct fault *fault)
{
	struct output output;
	char unit[WORDS_MAX];

	if (!open_output(&output, dir, "curves.dat",
			 "x, median, low, high, oversubscribed, tooltip",
			 fault))
		return -1;
	words_objective(scenario_of(sweep), sweep->objective, unit);
	for (size_t i = 0; i < sweep->count; i++) {
		const struct sweep_series *series = &sweep->series[i];

		for (size_t j = 0; j < series->count; j++) {
			const struct sweep_point *point = &series->points[j];
			struct spread spread = group_spread(point->group,
							    sweep->objective);
			char name[NAME_LONG_MAX], value[TEXT_NUMBER_MAX];

			name_long(point->group->example, name);
			text_format_short(spread.median, value);
			fprintf(output.file, "%.9g\t%.9g\t%.9g\t%.9g\t%d\t\"",
				drawn_x(sweep, ticks, i, point->x),
				spread.median,
				spread.has_interval ? spread.low
						    : spread.median,
				spread.has_interval ? spread.high
						    : spread.median,
				sweep_is_oversubscribed(point->group));
			plot_put_inside(output.file, name);
			fprintf(output.file, "\\n%s %s, median\"\n", value,
				unit);
		}
		fprintf(output.file, "\n\n");
	}
	return close_output(&output, fault);
}

static int write_looks(const char *dir, const struct sweep *sweep,
		       struct fault *fault)
{
	struct curve *curves = calloc(sweep->count, sizeof(*curves));
	int error;

	if (!curves)
		abort();
	for (size_t i = 0; i < sweep->count; i++)
		curves[i] = (struct curve){
			.cell = sweep->series[i].points[0].group->example,
			.name = sweep->series[i].name,
		};
	error = curves_write_names(dir, curves, sweep->count, fault);
	free(curves);
	return error;
}

static int write_series(const char *dir, const char *name,
			const struct sweep *sweep, struct fault *fault)
{
	struct output output;

	if (!open_output(&output, dir, name, "number, name", fault))
		return -1;
	for (size_t i = 0; i < sweep->count; i++)
		put_name(output.file, i, sweep->series[i].name);
	return close_output(&output, fault);
}

/* A tick has no label if the label would overlap the previous label. */
static int write_ticks(const char *dir, const struct sweep *sweep,
		       const struct ticks *ticks, struct fault *fault)
{
	double whole = log(ticks->values[ticks->count - 1] / ticks->values[0]);
	double free_from = -INFINITY; /* where the previous label ends, as a
					 share of the axis */
	struct output output;
	char text[LABEL_MAX];

	if (!open_output(&output, dir, "ticks.dat", "x, name", fault))
		return -1;
	for (size_t i = 0; i < ticks->count; i++) {
		double x = ticks->values[i];
		double at = whole > 0 ? log(x / ticks->values[0]) / whole : 0;
		double half;

		format_tick(sweep, x, text);
		half = 0.005 * (double)(strlen(text) + 1);
		if (at - half < free_from)
			text[0] = '\0';
		else
			free_from = at + half;
		fprintf(output.file, "%.9g\t", x);
		plot_put_text(output.file, text);
		fputc('\n', output.file);
	}
	return close_output(&output, fault);
}

/* Extends the axis to whole decades around all intervals and bounds, so that
 * the picture contains every bar. */
static int write_range(const char *dir, const struct sweep *sweep,
		       const struct ticks *ticks, struct fault *fault)
{
	double low = INFINITY, high = 0;
	struct output output;

	for (size_t i = 0; i < sweep->count; i++) {
		for (size_t j = 0; j < sweep->series[i].count; j++) {
			const struct group *group =
				sweep->series[i].points[j].group;
			struct spread spread = group_spread(group,
							    sweep->objective);

			low = fmin(low, fmin(spread.median, spread.low));
			high = fmax(high, fmax(spread.median, spread.high));
			if (!group->bound)
				continue;
			low = fmin(low, median(sweep, group->bound));
			high = fmax(high, median(sweep, group->bound));
		}
	}
	/* A mark on the edge of the picture would be cut, so the axis ends
	 * beyond the last mark. */
	low = low > 0 && isfinite(low) ? pow(10, floor(log10(low / 1.05))) : 1;
	high = high > low ? pow(10, ceil(log10(high * 1.05))) : 10 * low;
	if (!open_output(&output, dir, "range.dat",
			 "x and value: lowest, then highest", fault))
		return -1;
	fprintf(output.file, "%.9g\t%.9g\n%.9g\t%.9g\n", ticks->values[0] / 1.3,
		low, ticks->values[ticks->count - 1] * 1.3, high);
	return close_output(&output, fault);
}

static int write_map(const char *dir, const struct sweep *sweep,
		     const struct ticks *columns, const struct ticks *rows,
		     struct fault *fault)
{
	struct output output;

	if (!open_output(&output, dir, "map.dat",
			 "panel, column, row, value, and as a text, share of "
			 "the bound, oversubscribed",
			 fault))
		return -1;
	for (size_t i = 0; i < sweep->count; i++) {
		for (size_t j = 0; j < sweep->series[i].count; j++) {
			const struct sweep_point *point =
				&sweep->series[i].points[j];
			char text[TEXT_NUMBER_MAX], share[LABEL_MAX] = "";

			text_format_short(median(sweep, point->group), text);
			if (point->group->bound) {
				double percent = 100 *
						 bound_share(point->group);

				snprintf(share, sizeof(share),
					 percent < 9.95 ? "%.2g %%" : "%.0f %%",
					 percent);
			}
			fprintf(output.file,
				"%zu\t%zu\t%zu\t%.9g\t\"%s\"\t\"%s\"\t\"%s\"\n",
				i, tick_of(columns, point->x),
				tick_of(rows, point->row),
				median(sweep, point->group), text, share,
				sweep_is_oversubscribed(point->group)
					? "oversubscribed"
					: "");
		}
	}
	return close_output(&output, fault);
}

/* Writes the numbers along one axis of a map. */
static int write_places(const char *dir, const char *name,
			const struct sweep *sweep, const struct ticks *ticks,
			struct fault *fault)
{
	struct output output;
	char text[LABEL_MAX];

	if (!open_output(&output, dir, name, "number, name", fault))
		return -1;
	for (size_t i = 0; i < ticks->count; i++) {
		format_tick(sweep, ticks->values[i], text);
		put_name(output.file, i, text);
	}
	return close_output(&output, fault);
}

static const struct record **cells_of(const struct sweep *sweep, size_t *count)
{
	const struct record **cells = calloc(sweep->count * SWEEP_POINTS_MAX,
					     sizeof(*cells));

	if (!cells)
		abort();
	*count = 0;
	for (size_t i = 0; i < sweep->count; i++)
		for (size_t j = 0; j < sweep->series[i].count; j++)
			cells[(*count)++] =
				sweep->series[i].points[j].group->example;
	return cells;
}

static bool any_interval(const struct sweep *sweep)
{
	bool found = false;

	for (size_t i = 0; i < sweep->count; i++)
		for (size_t j = 0; j < sweep->series[i].count; j++)
			found |= group_spread(sweep->series[i].points[j].group,
					      sweep->objective)
					 .has_interval;
	return found;
}

static void find_words(const struct sweep *sweep, struct words *words)
{
	const char *scenario = scenario_of(sweep);
	const char *better = words_better(sweep->objective);
	const struct sweep_axis *axis = sweep->axis;
	char unit[WORDS_MAX], by[WORDS_MAX];
	size_t named = strcspn(axis->title, ",");
	bool rings = false, bounds = false;
	const struct record **cells;
	size_t count;

	memset(words, 0, sizeof(*words));
	words_objective(scenario, sweep->objective, unit);
	snprintf(by, sizeof(by), "%.*s%s%s", (int)named, axis->title,
		 axis->by_rows ? ", " : "", axis->by_rows ? axis->by_rows : "");
	cells = cells_of(sweep, &count);
	words_title(words, scenario, unit,
		    &(struct words_axis){ by, axis->columns, axis->count },
		    cells, count);
	free(cells);
	snprintf(words->x, WORDS_MAX, "%s", axis->title);
	snprintf(words->y, WORDS_MAX, "%.200s%s%s", unit, *better ? "; " : "",
		 better);
	if (axis->by_rows)
		snprintf(words->y, WORDS_MAX, "%s", axis->by_rows);
	snprintf(words->value, WORDS_MAX, "%s", unit);
	for (size_t i = 0; i < sweep->count; i++) {
		for (size_t j = 0; j < sweep->series[i].count; j++) {
			const struct group *group =
				sweep->series[i].points[j].group;

			rings |= sweep_is_oversubscribed(group);
			bounds |= group->bound != NULL;
		}
	}
	if (axis->by_rows) {
		words_note(
			words, NOTE_PLAIN, "In each cell: the median%s%s",
			bounds ? ", its share of the bound if the bound "
				 "was measured"
			       : "",
			rings ? ", and \"oversubscribed\" if there were more "
				"threads than CPUs"
			      : "");
		return;
	}
	words_note(words, NOTE_MEDIAN,
		   "median of the rounds; series are shifted a little along x");
	if (any_interval(sweep))
		words_note(words, NOTE_INTERVAL,
			   "95 %% confidence interval of the median");
	if (bounds)
		words_note(
			words, NOTE_BOUND,
			"bound: rate that the machine reaches without a queue");
	if (rings)
		words_note(words, NOTE_RING, "more threads than CPUs");
}

int plot_sweep_write(const char *dir, const struct sweep *sweep,
		     struct words *words, struct fault *fault)
{
	struct ticks columns = find_ticks(sweep, false);
	struct ticks rows = find_ticks(sweep, true);

	find_words(sweep, words);
	if (sweep->axis->by_rows)
		return write_map(dir, sweep, &columns, &rows, fault) ||
				       write_places(dir, "columns.dat", sweep,
						    &columns, fault) ||
				       write_places(dir, "rows.dat", sweep,
						    &rows, fault) ||
				       write_series(dir, "panels.dat", sweep,
						    fault)
			       ? -1
			       : 0;
	return write_looks(dir, sweep, fault) ||
			       write_curves(dir, sweep, &columns, fault) ||
			       write_ticks(dir, sweep, &columns, fault) ||
			       write_range(dir, sweep, &columns, fault) ||
			       plot_bounds_write(dir, sweep, fault)
		       ? -1
		       : 0;
}
