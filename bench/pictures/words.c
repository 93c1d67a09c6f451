/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "groups.h"
#include "plot_table.h"
#include "registry.h"
#include "words.h"

/* The name of a note's sign in the text beside the picture. */
static const char *const sign_names[NOTE_SIGNS] = {
	[NOTE_PLAIN] = "",
	[NOTE_MEDIAN] = "Large mark: ",
	[NOTE_INTERVAL] = "Bar through the large mark: ",
	[NOTE_OBSERVATION] = "Small dot: ",
	[NOTE_BOUND] = "Dashed grey line: ",
	[NOTE_RING] = "Ring: ",
	[NOTE_BUSY] = "Dark blue: ",
	[NOTE_BUSY_ASLEEP] = "Middle blue: ",
	[NOTE_WAITING] = "Orange: ",
	[NOTE_PREEMPTED] = "Light blue: ",
	[NOTE_ASLEEP] = "White: ",
	[NOTE_PACE] = "Grey: ",
};

void words_objective(const char *scenario, int objective, char text[WORDS_MAX])
{
	const struct scenario *found = registry_find_scenario(scenario);
	const struct column *column = &results_schema.columns[objective];

	if (objective == COLUMN_throughput_msg_per_s)
		snprintf(text, WORDS_MAX, "%s per second",
			 found && found->messages ? found->messages
						  : "messages");
	else
		snprintf(text, WORDS_MAX, "%s%s%s", column->name,
			 *column->unit ? ", " : "", column->unit);
}

const char *words_better(int objective)
{
	switch (results_schema.columns[objective].better) {
	case BETTER_HIGHER:
		return "higher is better";
	case BETTER_LOWER:
		return "lower is better";
	default:
		return "";
	}
}

static const char *factor_name(int column)
{
	const char *name = results_schema.columns[column].name;
	const struct param *param = param_of_column(name);

	if (column == COLUMN_distance_ns)
		return "core distance";
	return param ? param->name : name;
}

static bool is_named(const char *scenario, int column)
{
	return column != COLUMN_scenario && column != COLUMN_duration_ns &&
	       (column != COLUMN_backend || has_queues(scenario));
}

const struct record *words_factor(const struct record *const *cells,
				  size_t count, int column, bool *differ)
{
	const struct record *first = NULL;

	*differ = false;
	for (size_t i = 0; i < count; i++) {
		if (!record_has(cells[i], column))
			continue;
		if (!first)
			first = cells[i];
		*differ |= factor_compare(first, cells[i], column) != 0;
	}
	return first;
}

static void add(char *text, size_t size, const char *between, const char *word,
		const char *value)
{
	size_t length = strlen(text);
	int added = snprintf(text + length, size - length, "%s%s%s%s",
			     length ? between : "", word, *value ? " " : "",
			     value);

	if (added < 0)
		abort();
}

void words_title(struct words *words, const char *scenario, const char *what,
		 const struct words_axis *axis,
		 const struct record *const *cells, size_t count)
{
	char by[WORDS_MAX] = "", last[CELL_TEXT_MAX] = "", same[WORDS_MAX] = "";
	char value[NAME_SHORT_MAX];

	if (axis->name)
		snprintf(last, sizeof(last), "%s", axis->name);
	for (int i = 0; i < (int)results_schema.count; i++) {
		bool along = results_schema.columns[i].role != ROLE_FACTOR ||
			     !is_named(scenario, i);
		const struct record *row;
		bool differ;

		for (size_t c = 0; c < axis->count; c++)
			along |= axis->columns[c] == i;
		row = along ? NULL : words_factor(cells, count, i, &differ);
		if (!row)
			continue;
		if (differ) {
			if (*last)
				add(by, sizeof(by), ", ", last, "");
			snprintf(last, sizeof(last), "%s", factor_name(i));
		} else if (i <= COLUMN_placement || i == COLUMN_capacity ||
			   !name_is_default(row, i)) {
			name_value(row, i, value);
			add(same, sizeof(same), ", ", factor_name(i), value);
		}
	}
	if (*last)
		add(by, sizeof(by), " and ", last, "");
	snprintf(words->title, sizeof(words->title), "%.60s: %s%s%s", scenario,
		 what, *by ? " by " : "", by);
	snprintf(words->fixed, sizeof(words->fixed), "%s%s",
		 *same ? "The same in all cells: " : "", same);
}

void words_bound(const struct group *bound, char text[NAME_SHORT_MAX])
{
	snprintf(text, NAME_SHORT_MAX, "bound: %.200s",
		 record_text(bound->example, COLUMN_backend));
}

void words_note(struct words *words, enum note_sign sign, const char *format,
		...)
{
	va_list arguments;

	if (words->note_count == WORDS_NOTES_MAX)
		abort();
	words->notes[words->note_count].sign = sign;
	va_start(arguments, format);
	vsnprintf(words->notes[words->note_count++].text, WORDS_MAX, format,
		  arguments);
	va_end(arguments);
}

static void put_run(FILE *file, const struct plot_caption *caption)
{
	fprintf(file, "plan %s, %d round%s, revision %s, %s", caption->plan,
		caption->rounds, caption->rounds == 1 ? "" : "s",
		caption->revision, caption->date);
}

static char *run_line(const struct plot_caption *caption)
{
	char *line = NULL;
	size_t length;
	FILE *file = open_memstream(&line, &length);

	if (!file)
		abort();
	put_run(file, caption);
	fclose(file);
	return line;
}

static int write_caption(const char *dir, const struct words *words,
			 const struct plot_caption *caption,
			 struct fault *fault)
{
	FILE *file = plot_table_open(dir, "caption.dat",
				     "title, values that all cells share, "
				     "machine, run, x, y, heading of the "
				     "numbers",
				     fault);
	char *run;

	if (!file)
		return -1;
	run = run_line(caption);
	plot_put_text(file, words->title);
	for (size_t i = 0; i < 6; i++) {
		const char *const texts[] = { words->fixed, caption->machine,
					      run,	    words->x,
					      words->y,	    words->value };

		fputc('\t', file);
		plot_put_text(file, texts[i]);
	}
	fputc('\n', file);
	free(run);
	return plot_table_close(file, dir, "caption.dat", fault);
}

int words_write(const char *dir, const struct words *words,
		const struct plot_caption *caption, struct fault *fault)
{
	FILE *file;

	if (write_caption(dir, words, caption, fault))
		return -1;
	file = plot_table_open(dir, "legend.dat", "line, sign, text", fault);
	if (!file)
		return -1;
	for (size_t i = 0; i < words->note_count; i++) {
		fprintf(file, "%zu\t%d\t", i, words->notes[i].sign);
		plot_put_text(file, words->notes[i].text);
		fputc('\n', file);
	}
	return plot_table_close(file, dir, "legend.dat", fault);
}

char *words_paragraph(const struct words *words,
		      const struct plot_caption *caption)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	if (!file)
		abort();
	fprintf(file, "%s.", words->title);
	if (*words->fixed)
		fprintf(file, " %s.", words->fixed);
	for (size_t i = 0; i < words->note_count; i++)
		fprintf(file, " %s%s.", sign_names[words->notes[i].sign],
			words->notes[i].text);
	fprintf(file, " %s; ", caption->machine);
	put_run(file, caption);
	fputs(".\n", file);
	fclose(file);
	return text;
}
