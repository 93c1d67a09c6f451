/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "registry.h"
#include "table.h"
#include "table_flags.h"
#include "table_json.h"
#include "table_narrow.h"
#include "table_select.h"
#include "table_values.h"
#include "text.h"

/* The kinds of columns that the tables of a run show. The legend explains only
 * these kinds. */
struct shown {
	bool idle;
	bool bound;
	bool interval;
	bool undisturbed;
};

static void add_head(struct text_table *text, const struct table_column *column,
		     const char *group, bool left)
{
	char title[TEXT_TABLE_CELL_MAX];
	size_t number;

	table_title(column, title);
	number = text_table_column(text, title, left);
	text->heads[number].key = *group ? NULL : column->what;
	snprintf(text->heads[number].group, TEXT_TABLE_CELL_MAX, "%.60s",
		 group);
	text->heads[number].omit_same = number == 0 && left;
}

static void table_set(struct text_table *table, size_t position,
		      const struct table_column *column,
		      const struct group *group)
{
	char text[TEXT_TABLE_CELL_MAX];

	table_value(column, group, text);
	text_table_set(table, position, text, table_json(column, group));
}

static bool is_left(const struct table_column *column)
{
	int position = column->what ? schema_find(&results_schema, column->what)
				    : -1;

	return column->text ||
	       (position >= 0 &&
		results_schema.columns[position].type == TYPE_TEXT);
}

static void note_columns(struct shown *shown, const struct table_layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		const char *what = layout->columns[i].what;

		if (!what)
			continue;
		shown->idle |= strcmp(what, "idle") == 0;
		shown->bound |= strcmp(what, "of_bound") == 0;
		shown->interval |= strcmp(what, "objective") == 0;
		shown->undisturbed |= strcmp(what, "undisturbed") == 0;
	}
}

static bool has_column(const struct table_layout *layout, const char *what)
{
	for (size_t i = 0; i < layout->count; i++)
		if (layout->columns[i].what &&
		    strcmp(layout->columns[i].what, what) == 0)
			return true;
	return false;
}

/* Prints the smallest share of undisturbed rounds of any cell. */
static void print_least_undisturbed(const struct selection *selection, FILE *to)
{
	const struct group *least = selection->groups[0];

	for (size_t i = 1; i < selection->count; i++) {
		const struct group *group = selection->groups[i];

		if (group->undisturbed * least->rounds <
		    least->undisturbed * group->rounds)
			least = group;
	}
	if (least->undisturbed < least->rounds)
		fprintf(to,
			"(fewest undisturbed rounds of a cell: %zu of %zu)\n",
			least->undisturbed, least->rounds);
}

static void print_plain(const struct scenario *scenario,
			char title[TABLE_TITLE_MAX],
			struct table_layout *layout,
			const struct selection *selection,
			struct output *output)
{
	struct text_table text;

	text_table_init(&text);
	for (size_t i = 0; i < layout->count; i++)
		add_head(&text, &layout->columns[i], "",
			 is_left(&layout->columns[i]));
	for (size_t r = 0; r < selection->count; r++) {
		text_table_row(&text);
		for (size_t i = 0; i < layout->count; i++)
			table_set(&text, i, &layout->columns[i],
				  selection->groups[r]);
	}
	if (table_narrow(&text, layout, selection, title, output))
		print_plain(scenario, title, layout, selection, output);
	else
		output_table(output, scenario->id, title, &text);
	text_table_free(&text);
}

static void add_heads_beside(struct text_table *text,
			     const struct table_layout *layout, int column,
			     const struct record **values, size_t count)
{
	const struct param *param = param_of_column(
		results_schema.columns[column].name);
	char name[NAME_SHORT_MAX], ratio[TEXT_TABLE_CELL_MAX];
	char last[NAME_SHORT_MAX], first[NAME_SHORT_MAX];

	for (size_t i = 0; i < layout->factors; i++)
		add_head(text, &layout->columns[i], "",
			 is_left(&layout->columns[i]));
	for (size_t v = 0; v < count; v++) {
		char group[TEXT_TABLE_CELL_MAX];

		name_value(values[v], column, name);
		snprintf(group, sizeof(group), "%.30s %.30s",
			 param ? param->name
			       : results_schema.columns[column].name,
			 name);
		for (size_t i = layout->factors; i < layout->count; i++)
			add_head(text, &layout->columns[i], group, false);
	}
	name_value(values[count - 1], column, last);
	name_value(values[0], column, first);
	snprintf(ratio, sizeof(ratio), "%.20s:%.20s", last, first);
	text_table_column(text, ratio, false);
}

/* Adds the rows of groups that are in no earlier row. */
static void add_rows_beside(struct text_table *text,
			    const struct table_layout *layout, int column,
			    const struct record **values, size_t count,
			    const struct selection *selection)
{
	char ratio[TEXT_TABLE_CELL_MAX];

	for (size_t r = 0; r < selection->count; r++) {
		const struct group *found[BESIDE_MAX] = { NULL }, *first = NULL;
		size_t at = layout->factors;

		for (size_t v = 0; v < count; v++) {
			found[v] = select_with_value(selection,
						     selection->groups[r],
						     column, values[v]);
			first = first ? first : found[v];
		}
		if (first != selection->groups[r])
			continue;
		text_table_row(text);
		for (size_t i = 0; i < layout->factors; i++)
			table_set(text, i, &layout->columns[i], first);
		for (size_t v = 0; v < count; v++)
			for (size_t i = layout->factors; i < layout->count; i++)
				table_set(text, at++, &layout->columns[i],
					  found[v]);
		table_ratio(found[count - 1], found[0], ratio);
		text_table_set(text, at, ratio, NULL);
	}
}

/* Prints the values of one factor side by side, and the ratio of the objectives
 * at the last and the first value. */
static void print_beside(const struct scenario *scenario,
			 char title[TABLE_TITLE_MAX], const struct table *table,
			 struct table_layout *layout,
			 const struct selection *selection,
			 struct output *output)
{
	int column = column_of(table->beside);
	const struct record *values[BESIDE_MAX];
	size_t count = select_values(selection, column, values);
	struct text_table text;

	text_table_init(&text);
	add_heads_beside(&text, layout, column, values, count);
	add_rows_beside(&text, layout, column, values, count, selection);
	if (table_narrow(&text, layout, selection, title, output))
		print_beside(scenario, title, table, layout, selection, output);
	else
		output_table(output, scenario->id, title, &text);
	text_table_free(&text);
}

/* Adds the column after the other factors. */
static void add_factor(struct table_layout *layout, const char *what)
{
	struct table_column *column = &layout->columns[layout->factors];

	if (layout->count == TEXT_TABLE_COLUMNS_MAX)
		abort();
	memmove(column + 1, column,
		(layout->count++ - layout->factors++) * sizeof(*column));
	*column = (struct table_column){ .what = what };
}

static void print_table(const struct scenario *scenario,
			const struct table *table,
			const struct selection *selection, struct shown *shown,
			struct output *output)
{
	const struct record *values[BESIDE_MAX];
	struct table_layout layout;
	char title[TABLE_TITLE_MAX];
	size_t count = 0;

	snprintf(title, sizeof(title), "%s: %s", scenario->id,
		 table->title ? table->title : scenario->summary);
	select_columns(table, selection, &layout);
	if (table->beside)
		count = select_values(selection, column_of(table->beside),
				      values);
	if (count > 1 && output->format == OUTPUT_JSON)
		add_factor(&layout, table->beside);
	if (count > 1 && output->format != OUTPUT_JSON)
		print_beside(scenario, title, table, &layout, selection,
			     output);
	else
		print_plain(scenario, title, &layout, selection, output);
	note_columns(shown, &layout);
	if (!has_column(&layout, "undisturbed"))
		print_least_undisturbed(selection, output_text(output));
}

/* The table of a scenario that declares no table. */
static const struct table usual_tables[] = {
	{ .columns = (const struct table_column[]){ { "wait" },
						    { "backend" },
						    { "placement" },
						    { "objective" },
						    { "idle" },
						    { NULL } } },
	{ NULL },
};

static void print_scenario(const struct scenario *scenario,
			   const struct selection *all, struct shown *shown,
			   struct output *output)
{
	struct scenario declared = *scenario;
	struct selection selection;

	if (!declared.tables)
		declared.tables = usual_tables;
	selection.groups = calloc(all->count, sizeof(*selection.groups));
	if (!selection.groups)
		abort();
	for (const struct table *it = declared.tables; it->columns; it++) {
		select_groups(&declared, it, all, &selection);
		if (selection.count)
			print_table(&declared, it, &selection, shown, output);
	}
	free(selection.groups);
}

static bool has_backend(const struct run *run, const char *id)
{
	for (size_t i = 0; i < run->groups.count; i++)
		if (strcmp(record_text(run->groups.groups[i].example,
				       COLUMN_backend),
			   id) == 0)
			return true;
	return false;
}

/* Explains the measured backends that are not queues. */
static void print_floors(const struct run *run, FILE *to)
{
	struct backend_choice choice;
	bool found = false;

	for (size_t b = 0; registry_choice(b, &choice); b++) {
		if (!registry_is_not_a_queue(choice.id) ||
		    !has_backend(run, choice.id))
			continue;
		if (!found)
			fprintf(to, "\nbackends that are not queues:\n");
		found = true;
		text_wrap(choice.summary,
			  (size_t)fprintf(to, "  %-7s ", choice.id), to);
	}
}

static void print_distances(const struct run *run, FILE *to)
{
	const struct distances *distances = &run->groups.set.distances;
	char known[DISTANCE_TEXT_MAX], text[DISTANCE_TEXT_MAX + 400];

	distances_describe(distances, known);
	if (!*known)
		return;
	fputc('\n', to);
	snprintf(text, sizeof(text), "Core distance: %s%s", known,
		 distances_differ(distances)
			 ? ". The hypervisor moves the virtual CPUs, so a cell "
			   "has a row for each distance. Sentences below the "
			   "tables are about the smallest distance with enough "
			   "rounds."
			 : ".");
	text_wrap(text, 0, to);
}

static void print_legend(const struct run *run, const struct shown *shown,
			 FILE *to)
{
	int64_t rounds = run_rounds(run);
	char text[256];

	if (shown->interval) {
		snprintf(text, sizeof(text),
			 "Rates and times: median of %" PRId64
			 " round%s. -4+6%%: the 95 %% confidence interval of "
			 "the median begins 4 %% below and ends 6 %% above the "
			 "median.",
			 rounds, rounds == 1 ? "" : "s");
		fputc('\n', to);
		text_wrap(text, 0, to);
	}
	if (shown->idle)
		text_wrap("idle: share of the threads' time spent waiting for "
			  "a message or for free space.",
			  0, to);
	if (shown->bound)
		text_wrap("of bound: the rate as a share of the rate of line, "
			  "lines or faa, which transfer data between the same "
			  "CPUs without a queue.",
			  0, to);
	if (shown->undisturbed) {
		snprintf(text, sizeof(text),
			 "rounds: \"9 of 12\" means that 9 of 12 rounds were "
			 "undisturbed. With %d or more undisturbed rounds, a "
			 "row uses only these rounds; otherwise it uses all "
			 "rounds.",
			 UNDISTURBED_MIN);
		text_wrap(text, 0, to);
	}
	print_floors(run, to);
}

static void print_unverified(const struct run *run, FILE *to)
{
	size_t rows = 0;
	char text[192];

	for (size_t i = 0; i < run->groups.count; i++)
		rows += run->groups.groups[i].unverified;
	if (!rows)
		return;
	snprintf(text, sizeof(text),
		 "%zu observation%s failed, hung or crashed. The tables leave "
		 "them out; see the column status in results.csv.",
		 rows, rows == 1 ? "" : "s");
	fputc('\n', to);
	text_wrap(text, 0, to);
}

void table_print(const struct run *run, struct output *output)
{
	struct shown shown = { .idle = false };

	for (size_t s = 0; s < registry_scenario_count; s++) {
		struct selection all;

		select_scenario(run, registry_scenarios[s], &all);
		if (all.count)
			print_scenario(registry_scenarios[s], &all, &shown,
				       output);
		free(all.groups);
	}
	print_legend(run, &shown, output_text(output));
}

void table_warnings_print(const struct run *run, FILE *to)
{
	print_distances(run, to);
	table_flags_print(run, to);
	print_unverified(run, to);
}
