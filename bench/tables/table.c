/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "names.h"
#include "table.h"
#include "table_flags.h"
#include "table_values.h"

/* The cells of one table, in the order in which they are shown. */
struct selection {
	const struct group **groups;
	size_t count;
};

/* What the tables of a run contain, for the words below them. */
struct shown {
	bool idle;
	bool bound;
	bool interval;
};

static int compare_groups(const void *a, const void *b)
{
	const struct group *const *left = a, *const *right = b;

	return cell_compare((*left)->example, (*right)->example);
}

/* Whether a blank-separated list has the word. */
static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (list && *list) {
		size_t item = strcspn(list, " ");

		if (item == length && strncmp(list, word, length) == 0)
			return true;
		list += item + strspn(list + item, " ");
	}
	return false;
}

static bool is_about(const struct table *table, int column)
{
	return list_has(table->about, results_schema.columns[column].name);
}

/* Whether one of the factors that the table is about is not the default. */
static bool is_special(const struct table *table, const struct group *group)
{
	for (int i = 0; table->about && i < (int)results_schema.count; i++)
		if (is_about(table, i) && record_has(group->example, i) &&
		    !name_is_default(group->example, i))
			return true;
	return false;
}

static bool is_special_anywhere(const struct scenario *scenario,
				const struct group *group)
{
	for (const struct table *it = scenario->tables; it->columns; it++)
		if (is_special(it, group))
			return true;
	return false;
}

/* Whether the table shows the group to compare a special one with it. */
static bool belongs_to(const struct table *table, const struct group *group,
		       const struct selection *all)
{
	int except[RECORD_COLUMNS_MAX];
	size_t excepted = 0;

	for (int i = 0; i < (int)results_schema.count; i++)
		if (is_about(table, i))
			except[excepted++] = i;
	for (size_t i = 0; i < all->count; i++)
		if (is_special(table, all->groups[i]) &&
		    group_same_but(group, all->groups[i], except, excepted))
			return true;
	return false;
}

static void select_groups(const struct scenario *scenario,
			  const struct table *table,
			  const struct selection *all,
			  struct selection *selection)
{
	selection->count = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct group *group = all->groups[i];
		bool shown = table->about
				     ? belongs_to(table, group, all)
				     : !is_special_anywhere(scenario, group);

		if (shown && (!table->bounded || group->bound))
			selection->groups[selection->count++] = group;
	}
}

/* The column of results.csv that the table has as a factor. */
static bool has_column_for(const struct table *table, int column)
{
	const char *name = results_schema.columns[column].name;

	if (table->beside && strcmp(table->beside, name) == 0)
		return true;
	for (const struct table_column *it = table->columns;
	     it->what || it->text; it++) {
		if (!it->what)
			continue;
		if (strcmp(it->what, name) == 0)
			return true;
		if (strcmp(it->what, "shape") == 0 &&
		    (column == COLUMN_producers || column == COLUMN_consumers))
			return true;
		if (strcmp(it->what, "capacity_usable") == 0 &&
		    column == COLUMN_capacity)
			return true;
	}
	return false;
}

static bool is_factor(const struct table_column *column)
{
	int position;

	if (column->text || strcmp(column->what, "shape") == 0)
		return true;
	position = schema_find(&results_schema, column->what);
	return position >= 0 &&
	       results_schema.columns[position].role == ROLE_FACTOR;
}

/*
 * The columns of the table as it is printed: those declared, without those that
 * say nothing here, and one for each other factor in which the rows differ.
 */
struct plan_of_table {
	struct table_column columns[TEXT_TABLE_COLUMNS_MAX];
	size_t count;
	size_t factors; /* of them; these come first */
};

static bool says_something(const struct table_column *column,
			   const struct selection *selection)
{
	char text[TEXT_TABLE_CELL_MAX];

	if (column->what && strcmp(column->what, "of_bound") != 0)
		return true;
	for (size_t i = 0; i < selection->count; i++) {
		table_value(column, selection->groups[i], text);
		if (strcmp(text, "-") != 0)
			return true;
	}
	return false;
}

/* Whether one of the cells does not have the default of the factor. */
static bool is_special_in(const struct selection *selection, int column)
{
	for (size_t i = 0; i < selection->count; i++)
		if (!name_is_default(selection->groups[i]->example, column))
			return true;
	return false;
}

static void plan_columns(const struct table *table,
			 const struct selection *selection,
			 struct plan_of_table *plan)
{
	const struct record **rows = calloc(selection->count, sizeof(*rows));
	const struct table_column *it = table->columns;
	struct naming naming;

	if (!rows)
		abort();
	for (size_t i = 0; i < selection->count; i++)
		rows[i] = selection->groups[i]->example;
	naming_make(&naming, rows, selection->count);
	free(rows);
	plan->count = 0;
	for (; (it->what || it->text) && is_factor(it); it++)
		plan->columns[plan->count++] = *it;
	for (int i = 0; i < (int)results_schema.count; i++)
		if (naming.shown[i] && !has_column_for(table, i) &&
		    is_special_in(selection, i))
			plan->columns[plan->count++] = (struct table_column){
				.what = results_schema.columns[i].name
			};
	plan->factors = plan->count;
	for (; it->what || it->text; it++)
		if (says_something(it, selection))
			plan->columns[plan->count++] = *it;
}

/* "pause" for pause_ns: the values have their unit with them. */
static void title_of(const struct table_column *column,
		     char title[TEXT_TABLE_CELL_MAX])
{
	const struct param *param = param_of_column(column->what);

	snprintf(title, TEXT_TABLE_CELL_MAX, "%.60s",
		 column->title ? column->title
		 : param       ? param->name
			       : column->what);
}

static void add_head(struct text_table *text, const struct table_column *column,
		     const char *group, bool left)
{
	char title[TEXT_TABLE_CELL_MAX];
	size_t number;

	title_of(column, title);
	number = text_table_column(text, title, left);
	snprintf(text->heads[number].group, TEXT_TABLE_CELL_MAX, "%.60s",
		 group);
	text->heads[number].omit_same = number == 0 && left;
}

static bool is_left(const struct table_column *column)
{
	int position = column->what ? schema_find(&results_schema, column->what)
				    : -1;

	return column->text ||
	       (position >= 0 &&
		results_schema.columns[position].type == TYPE_TEXT);
}

static void note(struct shown *shown, const struct plan_of_table *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const char *what = plan->columns[i].what;

		if (!what)
			continue;
		shown->idle |= strcmp(what, "idle") == 0;
		shown->bound |= strcmp(what, "of_bound") == 0;
		shown->interval |= strcmp(what, "objective") == 0;
	}
}

enum {
	LINE_WIDTH = 80,
};

/* Removes the time per message, which the rate says as well. */
static bool remove_ns(struct plan_of_table *plan)
{
	for (size_t i = plan->factors; i < plan->count; i++) {
		struct table_column *column = &plan->columns[i];

		if (!column->what || strcmp(column->what, "ns") != 0)
			continue;
		memmove(column, column + 1,
			(--plan->count - i) * sizeof(*column));
		return true;
	}
	return false;
}

static void print_plain(struct plan_of_table *plan,
			const struct selection *selection, FILE *to)
{
	struct text_table text;

	text_table_init(&text);
	for (size_t i = 0; i < plan->count; i++)
		add_head(&text, &plan->columns[i], "",
			 is_left(&plan->columns[i]));
	for (size_t r = 0; r < selection->count; r++) {
		char(*cells)[TEXT_TABLE_CELL_MAX] = text_table_row(&text);

		for (size_t i = 0; i < plan->count; i++)
			table_value(&plan->columns[i], selection->groups[r],
				    cells[i]);
	}
	if (text_table_width(&text) > LINE_WIDTH && remove_ns(plan))
		print_plain(plan, selection, to);
	else
		text_table_print(&text, to);
	text_table_free(&text);
}

enum {
	BESIDE_MAX = 4, /* values that stand side by side */
};

/* The different values of a factor, in order; how many there are. */
static size_t values_of(const struct selection *selection, int column,
			const struct record *values[BESIDE_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < selection->count; i++) {
		const struct record *row = selection->groups[i]->example;
		size_t at = 0;

		while (at < count &&
		       factor_compare(values[at], row, column) < 0)
			at++;
		if ((at < count &&
		     factor_compare(values[at], row, column) == 0) ||
		    count == BESIDE_MAX)
			continue;
		memmove(values + at + 1, values + at,
			(count++ - at) * sizeof(*values));
		values[at] = row;
	}
	return count;
}

/* The group that differs from this one in the column only, where it has the
 * value of the given row. */
static const struct group *with_value(const struct selection *selection,
				      const struct group *like, int column,
				      const struct record *value)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct group *group = selection->groups[i];

		if (factor_compare(group->example, value, column) == 0 &&
		    group_same_but(group, like, &column, 1))
			return group;
	}
	return NULL;
}

static void add_heads_beside(struct text_table *text,
			     const struct plan_of_table *plan, int column,
			     const struct record **values, size_t count)
{
	const struct param *param = param_of_column(
		results_schema.columns[column].name);
	char name[NAME_SHORT_MAX], ratio[TEXT_TABLE_CELL_MAX];
	char last[NAME_SHORT_MAX], first[NAME_SHORT_MAX];

	for (size_t i = 0; i < plan->factors; i++)
		add_head(text, &plan->columns[i], "",
			 is_left(&plan->columns[i]));
	for (size_t v = 0; v < count; v++) {
		char group[TEXT_TABLE_CELL_MAX];

		name_value(values[v], column, name);
		snprintf(group, sizeof(group), "%.30s %.30s",
			 param ? param->name
			       : results_schema.columns[column].name,
			 name);
		for (size_t i = plan->factors; i < plan->count; i++)
			add_head(text, &plan->columns[i], group, false);
	}
	name_value(values[count - 1], column, last);
	name_value(values[0], column, first);
	snprintf(ratio, sizeof(ratio), "%.20s:%.20s", last, first);
	text_table_column(text, ratio, false);
}

/* The values of one factor side by side, and the ratio of the last one to the
 * first. */
static void print_beside(const struct table *table,
			 const struct plan_of_table *plan,
			 const struct selection *selection, FILE *to)
{
	int column = column_of(table->beside);
	const struct record *values[BESIDE_MAX];
	size_t count = values_of(selection, column, values);
	struct text_table text;

	text_table_init(&text);
	add_heads_beside(&text, plan, column, values, count);
	for (size_t r = 0; r < selection->count; r++) {
		const struct group *found[BESIDE_MAX], *first = NULL;
		char(*cells)[TEXT_TABLE_CELL_MAX];
		size_t at = plan->factors;

		for (size_t v = 0; v < count; v++) {
			found[v] = with_value(selection, selection->groups[r],
					      column, values[v]);
			first = first ? first : found[v];
		}
		if (first != selection->groups[r])
			continue; /* it is in its row already */
		cells = text_table_row(&text);
		for (size_t i = 0; i < plan->factors; i++)
			table_value(&plan->columns[i], first, cells[i]);
		for (size_t v = 0; v < count; v++)
			for (size_t i = plan->factors; i < plan->count; i++)
				table_value(&plan->columns[i], found[v],
					    cells[at++]);
		table_ratio(found[count - 1], found[0], cells[at]);
	}
	text_table_print(&text, to);
	text_table_free(&text);
}

static void print_table(const struct scenario *scenario,
			const struct table *table,
			const struct selection *selection, struct shown *shown,
			FILE *to)
{
	const struct record *values[BESIDE_MAX];
	struct plan_of_table plan;
	size_t count = 0;

	fprintf(to, "\n%s: %s\n", scenario->id,
		table->title ? table->title : scenario->summary);
	plan_columns(table, selection, &plan);
	note(shown, &plan);
	if (table->beside)
		count = values_of(selection, column_of(table->beside), values);
	if (count > 1)
		print_beside(table, &plan, selection, to);
	else
		print_plain(&plan, selection, to);
}

/* What a scenario shows that declares no table. */
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
			   FILE *to)
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
			print_table(&declared, it, &selection, shown, to);
	}
	free(selection.groups);
}

/* The names of the bounds and of the harness cost that the run measured. */
static void print_floors(const struct run *run, FILE *to)
{
	const char *separator = "\n";
	struct backend_choice choice;
	size_t found = 0;

	for (size_t b = 0; registry_choice(b, &choice); b++) {
		bool has = false;

		if (!registry_is_not_a_queue(choice.id))
			continue;
		for (size_t i = 0; i < run->groups.count && !has; i++)
			has = strcmp(record_text(run->groups.groups[i].example,
						 COLUMN_backend),
				     choice.id) == 0;
		if (!has)
			continue;
		fprintf(to, "%s%s", separator, choice.id);
		separator = ", ";
		found++;
	}
	if (found)
		fprintf(to,
			found > 1
				? ": not queues, but what the harness or the "
				  "machine costs at least.\n"
				: ": not a queue, but what the harness or the "
				  "machine costs at least.\n");
}

static void print_legend(const struct run *run, const struct shown *shown,
			 FILE *to)
{
	int64_t rounds = run_rounds(run);

	if (shown->interval)
		fprintf(to,
			"\nRates and times: median of %" PRId64
			" round%s, and the ends of its 95 %% interval.\n",
			rounds, rounds == 1 ? "" : "s");
	if (shown->idle)
		fprintf(to, "idle: share of the threads' time spent waiting "
			    "for a message or for room.\n");
	if (shown->bound)
		fprintf(to,
			"of bound: the rate as a share of what this machine "
			"does without a queue (line,\nlines or faa).\n");
	print_floors(run, to);
}

static void print_unverified(const struct run *run, FILE *to)
{
	size_t rows = 0;

	for (size_t i = 0; i < run->groups.count; i++)
		rows += run->groups.groups[i].unverified;
	if (rows)
		fprintf(to,
			"\n%zu observation%s failed, hung or crashed: not in "
			"the tables, see results.csv\n",
			rows, rows == 1 ? "" : "s");
}

void table_print(const struct run *run, FILE *to)
{
	struct selection all;
	struct shown shown = { false, false, false };

	all.groups = calloc(run->groups.count + 1, sizeof(*all.groups));
	if (!all.groups)
		abort();
	for (size_t s = 0; s < registry_scenario_count; s++) {
		const struct scenario *scenario = registry_scenarios[s];

		all.count = 0;
		for (size_t i = 0; i < run->groups.count; i++)
			if (strcmp(record_text(run->groups.groups[i].example,
					       COLUMN_scenario),
				   scenario->id) == 0)
				all.groups[all.count++] =
					&run->groups.groups[i];
		qsort(all.groups, all.count, sizeof(*all.groups),
		      compare_groups);
		if (all.count)
			print_scenario(scenario, &all, &shown, to);
	}
	free(all.groups);
	print_legend(run, &shown, to);
	table_flags_print(run, to);
	print_unverified(run, to);
}
