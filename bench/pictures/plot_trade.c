/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "plot_curves.h"
#include "plot_table.h"
#include "plot_trade.h"

struct dot {
	const struct group *group;
	struct spread x;
	struct spread y;
	char name[NAME_SHORT_MAX];
	bool front;
};

struct dots {
	struct dot *list;
	size_t count;
};

/* Factors that a user of a queue chooses. Cells of one load differ only in
 * these factors. */
static const int chosen[] = { COLUMN_backend, COLUMN_wait, COLUMN_capacity };

enum {
	CHOSEN = sizeof(chosen) / sizeof(*chosen),
	LINE_LONG = 100, /* largest number of characters in a line of names */
};

static bool shows(const struct group *group, const char *scenario,
		  const struct picture *picture)
{
	return group->count > 0 && group_is_of(group, scenario) &&
	       group_spread(group, column_of(picture->column)).count > 0 &&
	       group_spread(group, column_of(picture->x_column)).count > 0;
}

/* A group of the load that most cells have, or NULL. */
static const struct group *usual_load(const struct groups *groups,
				      const char *scenario,
				      const struct picture *picture)
{
	const struct group *usual = NULL;
	size_t most = 0;

	for (size_t i = 0; i < groups->count; i++) {
		size_t count = 0;

		if (!shows(&groups->groups[i], scenario, picture))
			continue;
		for (size_t j = 0; j < groups->count; j++)
			count += shows(&groups->groups[j], scenario, picture) &&
				 group_same_but(&groups->groups[i],
						&groups->groups[j], chosen,
						CHOSEN);
		if (count > most) {
			most = count;
			usual = &groups->groups[i];
		}
	}
	return usual;
}

static int by_cell(const void *a, const void *b)
{
	const struct dot *left = a, *right = b;
	int backend = factor_compare(left->group->example,
				     right->group->example, COLUMN_backend);

	return backend ? backend
		       : cell_compare(left->group->example,
				      right->group->example);
}

static void find_dots(const struct groups *groups, const char *scenario,
		      const struct picture *picture, struct dots *dots)
{
	const struct group *usual = usual_load(groups, scenario, picture);

	dots->list = calloc(groups->count + 1, sizeof(*dots->list));
	dots->count = 0;
	if (!dots->list)
		abort();
	for (size_t i = 0; usual && i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		if (!shows(group, scenario, picture) ||
		    !group_same_but(usual, group, chosen, CHOSEN))
			continue;
		dots->list[dots->count++] = (struct dot){
			.group = group,
			.x = group_spread(group, column_of(picture->x_column)),
			.y = group_spread(group, column_of(picture->column)),
		};
	}
	qsort(dots->list, dots->count, sizeof(*dots->list), by_cell);
}

/* Medians that differ by less than this factor count as equal. */
#define SAME 1.05

static bool beats(const struct dot *one, const struct dot *other)
{
	return one->x.median <= SAME * other->x.median &&
	       one->y.median <= SAME * other->y.median &&
	       (SAME * one->x.median < other->x.median ||
		SAME * one->y.median < other->y.median);
}

/* A cell is on the front if no cell costs less in one way and no more in the
 * other. */
static void find_front(struct dots *dots)
{
	for (size_t i = 0; i < dots->count; i++) {
		struct dot *dot = &dots->list[i];

		dot->front = true;
		for (size_t j = 0; j < dots->count; j++)
			dot->front &= !beats(&dots->list[j], dot);
	}
}

static void name_dots(struct dots *dots)
{
	for (size_t i = 0; i < dots->count; i++) {
		const struct record *row = dots->list[i].group->example;

		snprintf(dots->list[i].name, NAME_SHORT_MAX, "%.100s %.100s",
			 record_text(row, COLUMN_backend),
			 record_text(row, COLUMN_wait));
	}
}

static int by_x(const void *a, const void *b)
{
	const struct dot *left = a, *right = b;

	return (left->x.median > right->x.median) -
	       (left->x.median < right->x.median);
}

/* Writes the front from left to right, and its numbered names as notes. */
static int write_front(const char *dir, const struct dots *dots,
		       struct words *words, struct fault *fault)
{
	FILE *file = plot_table_open(dir, "front.dat", "x, y, number", fault);
	struct dot *sorted = calloc(dots->count, sizeof(*sorted));
	char line[WORDS_MAX] = "";
	int number = 0;

	if (!sorted)
		abort();
	memcpy(sorted, dots->list, dots->count * sizeof(*sorted));
	qsort(sorted, dots->count, sizeof(*sorted), by_x);
	for (size_t i = 0; file && i < dots->count; i++) {
		size_t used = strlen(line);

		if (!sorted[i].front)
			continue;
		fprintf(file, "%.9g\t%.9g\t%d\n", sorted[i].x.median,
			sorted[i].y.median, ++number);
		if (used > LINE_LONG && words->note_count < WORDS_NOTES_MAX) {
			words_note(words, NOTE_PLAIN, "%s", line);
			used = 0;
		}
		snprintf(line + used, sizeof(line) - used, "%s%d: %.60s",
			 used ? ",  " : "", number, sorted[i].name);
	}
	if (words->note_count < WORDS_NOTES_MAX)
		words_note(words, NOTE_PLAIN, "%s", line);
	free(sorted);
	return file ? plot_table_close(file, dir, "front.dat", fault) : -1;
}

/* One series for each queue; dots are sorted by queue. */
static int write_points(const char *dir, const struct dots *dots,
			struct fault *fault)
{
	FILE *file = plot_table_open(dir, "points.dat",
				     "x, low, high, y, low, high", fault);
	struct curve *queues = calloc(dots->count, sizeof(*queues));
	size_t count = 0;
	int error;

	if (!queues)
		abort();
	for (size_t i = 0; i < dots->count; i++) {
		const struct dot *dot = &dots->list[i];
		const char *queue = record_text(dot->group->example,
						COLUMN_backend);

		if (!count || strcmp(queues[count - 1].name, queue) != 0) {
			if (file && count)
				fprintf(file, "\n\n");
			queues[count++] = (struct curve){ dot->group->example,
							  queue };
		}
		if (file)
			fprintf(file, "%.9g\t%.9g\t%.9g\t%.9g\t%.9g\t%.9g\n",
				dot->x.median,
				dot->x.has_interval ? dot->x.low
						    : dot->x.median,
				dot->x.has_interval ? dot->x.high
						    : dot->x.median,
				dot->y.median,
				dot->y.has_interval ? dot->y.low
						    : dot->y.median,
				dot->y.has_interval ? dot->y.high
						    : dot->y.median);
	}
	error = !file || plot_table_close(file, dir, "points.dat", fault) ||
		curves_write_names(dir, queues, count, fault);
	free(queues);
	return error ? -1 : 0;
}

int trade_write(const char *dir, const struct groups *groups,
		const char *scenario, const struct picture *picture,
		struct words *words, size_t *count, struct fault *fault)
{
	const struct words_axis none = { .name = NULL };
	const struct record **cells;
	struct dots dots;
	int error = 0;

	find_dots(groups, scenario, picture, &dots);
	*count = dots.count < 2 ? 0 : dots.count;
	if (*count) {
		cells = calloc(dots.count, sizeof(*cells));
		if (!cells)
			abort();
		for (size_t i = 0; i < dots.count; i++)
			cells[i] = dots.list[i].group->example;
		find_front(&dots);
		name_dots(&dots);
		memset(words, 0, sizeof(*words));
		words_title(words, scenario, picture->title, &none, cells,
			    dots.count);
		snprintf(words->x, WORDS_MAX, "%s", picture->x_title);
		snprintf(words->y, WORDS_MAX, "%s", picture->y_title);
		words_note(words, NOTE_MEDIAN,
			   "median of the rounds of one queue with one wait "
			   "policy");
		words_note(words, NOTE_INTERVAL,
			   "95 %% confidence interval of the median");
		words_note(words, NOTE_BOUND,
			   "front: no cell costs less in one way and no more "
			   "in the other (by more than 5 %%); from left to "
			   "right:");
		error = write_front(dir, &dots, words, fault) ||
			write_points(dir, &dots, fault);
		free(cells);
	}
	free(dots.list);
	return error ? -1 : 0;
}
