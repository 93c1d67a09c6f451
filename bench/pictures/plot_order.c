/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "look.h"
#include "names.h"
#include "plot_order.h"
#include "plot_table.h"
#include "registry.h"
#include "text.h"

/* One observation. */
struct dot {
	const struct record *row;
	double share; /* objective as a share of the median of its cell */
};

struct dots {
	struct dot *list;
	size_t count;
	bool has_disturbed;
};

static bool is_disturbed(const struct dot *dot)
{
	return record_has_name(dot->row, COLUMN_flags, "disturbed");
}

static int compare_integers(const struct record *a, const struct record *b,
			    int column)
{
	int64_t left = record_integer(a, column);
	int64_t right = record_integer(b, column);

	return (left > right) - (left < right);
}

/* The identifier of a session begins with the time of its start. */
static int compare_rounds(const struct record *a, const struct record *b)
{
	int session = strcmp(record_text(a, COLUMN_session_id),
			     record_text(b, COLUMN_session_id));

	return session ? session : compare_integers(a, b, COLUMN_round);
}

static int by_order(const void *a, const void *b)
{
	const struct record *left = ((const struct dot *)a)->row;
	const struct record *right = ((const struct dot *)b)->row;
	int order = compare_rounds(left, right);

	if (!order)
		order = compare_integers(left, right, COLUMN_attempt);
	return order ? order
		     : compare_integers(left, right, COLUMN_order_in_round);
}

static void find_dots(const struct groups *groups, struct dots *dots)
{
	size_t most = 1;

	for (size_t i = 0; i < groups->count; i++)
		most += groups->groups[i].count;
	*dots = (struct dots){ .count = 0 };
	dots->list = calloc(most, sizeof(*dots->list));
	if (!dots->list)
		abort();
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];
		const char *scenario = record_text(group->example,
						   COLUMN_scenario);
		int column = objective_of(group->example);
		double median = group_spread(group, column).median;

		if (!registry_find_scenario(scenario))
			continue;
		for (size_t m = 0; m < group->count; m++) {
			double value = record_number(group->members[m], column);

			if (record_has(group->members[m], column) &&
			    value > 0 && median > 0)
				dots->list[dots->count++] = (struct dot){
					group->members[m], value / median
				};
		}
	}
	qsort(dots->list, dots->count, sizeof(*dots->list), by_order);
	for (size_t i = 0; i < dots->count; i++)
		dots->has_disturbed |= is_disturbed(&dots->list[i]);
}

static bool is_of(const struct dot *dot, const struct scenario *scenario)
{
	return strcmp(record_text(dot->row, COLUMN_scenario), scenario->id) ==
	       0;
}

static void put_tooltip(FILE *file, const struct record *row)
{
	int column = objective_of(row);
	char name[NAME_LONG_MAX], number[TEXT_NUMBER_MAX];

	name_long(row, name);
	text_format_short(record_number(row, column), number);
	fputc('"', file);
	plot_put_inside(file, name);
	fprintf(file, "\\nround %" PRId64 ", %s %s\"\n",
		record_integer(row, COLUMN_round), number,
		results_schema.columns[column].unit);
}

/* Writes one block of observations for each scenario, and their names. */
static int write_order(const char *dir, const struct dots *dots,
		       struct fault *fault)
{
	FILE *names = plot_table_open(
		dir, "series.dat", "number, name, colour, mark, dash", fault);
	FILE *file = names ? plot_table_open(dir, "order.dat",
					     "position, share of the median, "
					     "disturbed, tooltip",
					     fault)
			   : NULL;
	size_t series = 0;
	int error;

	for (size_t s = 0; file && s < registry_scenario_count; s++) {
		bool found = false;

		for (size_t i = 0; i < dots->count; i++) {
			const struct dot *dot = &dots->list[i];

			if (!is_of(dot, registry_scenarios[s]))
				continue;
			found = true;
			fprintf(file, "%zu\t%.6g\t%d\t", i + 1, dot->share,
				is_disturbed(dot));
			put_tooltip(file, dot->row);
		}
		if (!found)
			continue;
		fputs("\n\n", file);
		fprintf(names, "%zu\t", series);
		plot_put_text(names, registry_scenarios[s]->id);
		fprintf(names, "\t%u\t7\t1\n", look_of_number(series).colour);
		series++;
	}
	error = names ? plot_table_close(names, dir, "series.dat", fault) : -1;
	if (file && plot_table_close(file, dir, "order.dat", fault))
		error = -1;
	return file ? error : -1;
}

/* Writes the middle and the median of each round. */
static int write_rounds(const char *dir, const struct dots *dots,
			struct fault *fault)
{
	FILE *file = plot_table_open(dir, "rounds.dat", "middle, median, first",
				     fault);
	double *values = calloc(dots->count, sizeof(*values));

	if (!values)
		abort();
	for (size_t first = 0, end; file && first < dots->count; first = end) {
		for (end = first; end < dots->count &&
				  compare_rounds(dots->list[first].row,
						 dots->list[end].row) == 0;
		     end++)
			values[end - first] = dots->list[end].share;
		fprintf(file, "%g\t%.6g\t%zu\n", (double)(first + 1 + end) / 2,
			spread_of(values, end - first).median, first + 1);
	}
	free(values);
	return file ? plot_table_close(file, dir, "rounds.dat", fault) : -1;
}

int order_write(const char *dir, const struct groups *groups,
		struct words *words, size_t *count, struct fault *fault)
{
	struct dots dots;
	int error = 0;

	find_dots(groups, &dots);
	*count = dots.count;
	if (dots.count > 1) {
		memset(words, 0, sizeof(*words));
		snprintf(words->title, sizeof(words->title),
			 "run order: each observation as a share of the median "
			 "of its cell");
		snprintf(words->x, WORDS_MAX,
			 "observations in the order of the run");
		snprintf(words->y, WORDS_MAX,
			 "objective as a share of its median in the cell");
		words_note(words, NOTE_MEDIAN,
			   "median of all observations of one round. A trend "
			   "over the rounds is a drift of the machine");
		words_note(words, NOTE_OBSERVATION,
			   "one observation, in the colour of its scenario");
		if (dots.has_disturbed)
			words_note(words, NOTE_RING, "disturbed observation");
		error = write_order(dir, &dots, fault) ||
			write_rounds(dir, &dots, fault);
	}
	free(dots.list);
	return error ? -1 : 0;
}
