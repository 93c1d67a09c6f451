/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "names.h"
#include "table_select.h"
#include "table_values.h"

static int compare_groups(const void *a, const void *b)
{
	const struct group *const *left = a, *const *right = b;

	return cell_compare((*left)->example, (*right)->example);
}

/* Whether the list, with blanks between its words, contains the word. */
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

/* Whether the group does not have the default of a factor that the table is
 * about. */
static bool is_special(const struct table *table, const struct group *group)
{
	for (int i = 0; table->about && i < (int)results_schema.count; i++)
		if (is_about(table, i) && record_has(group->example, i) &&
		    !name_is_default(group->example, i))
			return true;
	return false;
}

/* Whether the cell has the objective of the table. */
static bool has_objective(const struct scenario *scenario,
			  const struct table *table, const struct group *group)
{
	int objective = table->objective ? column_of(table->objective)
					 : usual_objective(scenario->id);

	return objective_of(group->example) == objective;
}

static bool is_special_anywhere(const struct scenario *scenario,
				const struct group *group)
{
	for (const struct table *it = scenario->tables; it->columns; it++)
		if (has_objective(scenario, it, group) && is_special(it, group))
			return true;
	return false;
}

/* Whether the table shows the group, because it is special or because a special
 * group is compared with it. */
static bool belongs_to(const struct scenario *scenario,
		       const struct table *table, const struct group *group,
		       const struct selection *all)
{
	int except[RECORD_COLUMNS_MAX];
	size_t excepted = 0;

	for (int i = 0; i < (int)results_schema.count; i++)
		if (is_about(table, i))
			except[excepted++] = i;
	for (size_t i = 0; i < all->count; i++)
		if (has_objective(scenario, table, all->groups[i]) &&
		    is_special(table, all->groups[i]) &&
		    group_same_but(group, all->groups[i], except, excepted))
			return true;
	return false;
}

void select_scenario(const struct run *run, const struct scenario *scenario,
		     struct selection *selection)
{
	selection->count = 0;
	selection->groups = calloc(run->groups.count + 1,
				   sizeof(*selection->groups));
	if (!selection->groups)
		abort();
	for (size_t i = 0; i < run->groups.count; i++) {
		const struct group *group = &run->groups.groups[i];

		if (group_is_of(group, scenario->id))
			selection->groups[selection->count++] = group;
	}
	qsort(selection->groups, selection->count, sizeof(*selection->groups),
	      compare_groups);
}

void select_groups(const struct scenario *scenario, const struct table *table,
		   const struct selection *all, struct selection *selection)
{
	selection->count = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct group *group = all->groups[i];
		bool shown = has_objective(scenario, table, group) &&
			     (table->about
				      ? belongs_to(scenario, table, group, all)
				      : !is_special_anywhere(scenario, group));

		if (shown && (!table->bounded || group->bound))
			selection->groups[selection->count++] = group;
	}
}

/* Whether a declared column of the table shows this column of results.csv. */
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

static bool has_values(const struct table_column *column,
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

/* Whether a cell of the selection does not have the default of the factor. */
static bool is_special_in(const struct selection *selection, int column)
{
	for (size_t i = 0; i < selection->count; i++)
		if (!name_is_default(selection->groups[i]->example, column))
			return true;
	return false;
}

/* Whether the table needs the declared factor. A factor that the table is about
 * is left out if all cells have its default. */
static bool tells_something(const struct table *table,
			    const struct table_column *column,
			    const struct naming *naming,
			    const struct selection *selection)
{
	int position = column->what ? schema_find(&results_schema, column->what)
				    : -1;

	return position < 0 || !is_about(table, position) ||
	       naming->shown[position] || is_special_in(selection, position);
}

/* Whether a cell has rounds in which all attempts were disturbed. */
static bool has_disturbed(const struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		if (selection->groups[i]->undisturbed <
		    selection->groups[i]->rounds)
			return true;
	return false;
}

void select_columns(const struct table *table,
		    const struct selection *selection,
		    struct table_layout *layout)
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
	layout->count = 0;
	for (; (it->what || it->text) && is_factor(it); it++)
		if (tells_something(table, it, &naming, selection))
			layout->columns[layout->count++] = *it;
	for (int i = 0; i < (int)results_schema.count; i++)
		if (naming.shown[i] && i != COLUMN_distance_ns &&
		    !has_column_for(table, i) && is_special_in(selection, i))
			layout->columns[layout->count++] =
				(struct table_column){
					.what = results_schema.columns[i].name
				};
	if (naming.shown[COLUMN_distance_ns])
		layout->columns[layout->count++] = (struct table_column){
			.title = "distance",
			.text = table_distance,
		};
	layout->factors = layout->count;
	for (; it->what || it->text; it++)
		if (has_values(it, selection))
			layout->columns[layout->count++] = *it;
	if (has_disturbed(selection))
		layout->columns[layout->count++] = (struct table_column){
			.what = "undisturbed", .title = "rounds"
		};
}

size_t select_values(const struct selection *selection, int column,
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

const struct group *select_with_value(const struct selection *selection,
				      const struct group *like, int column,
				      const struct record *value)
{
	/* A plan may measure cells of a row in windows of different lengths. */
	const int except[] = { column, COLUMN_duration_ns };

	for (size_t i = 0; i < selection->count; i++) {
		const struct group *group = selection->groups[i];

		if (factor_compare(group->example, value, column) == 0 &&
		    group_same_but(group, like, except, 2))
			return group;
	}
	return NULL;
}
