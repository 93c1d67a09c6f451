/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "table_narrow.h"
#include "table_values.h"
#include "text.h"

static bool remove_column(struct table_layout *layout, const char *what)
{
	for (size_t i = layout->factors; i < layout->count; i++) {
		struct table_column *column = &layout->columns[i];

		if (!column->what || strcmp(column->what, what) != 0)
			continue;
		memmove(column, column + 1,
			(--layout->count - i) * sizeof(*column));
		return true;
	}
	return false;
}

/* Puts the core distance into the column of the placement. */
static bool merge_distance(struct table_layout *layout)
{
	struct table_column *columns = layout->columns;
	size_t place = 0, distance = 0;

	while (place < layout->factors &&
	       (!columns[place].what ||
		strcmp(columns[place].what, "placement") != 0))
		place++;
	while (distance < layout->factors &&
	       columns[distance].text != table_distance)
		distance++;
	if (place == layout->factors || distance == layout->factors)
		return false;
	columns[place].text = table_place;
	memmove(&columns[distance], &columns[distance + 1],
		(--layout->count - distance) * sizeof(*columns));
	layout->factors--;
	return true;
}

/* Whether all rows have the same value in this column; writes the value. */
static bool is_constant(const struct table_column *column,
			const struct selection *selection,
			char value[TEXT_TABLE_CELL_MAX])
{
	char other[TEXT_TABLE_CELL_MAX];

	table_value(column, selection->groups[0], value);
	for (size_t i = 1; i < selection->count; i++) {
		table_value(column, selection->groups[i], other);
		if (strcmp(value, other) != 0)
			return false;
	}
	return true;
}

/* Moves a factor with one value from the columns to the title. */
static bool move_to_title(struct table_layout *layout,
			  const struct selection *selection,
			  char title[TABLE_TITLE_MAX])
{
	for (size_t i = 0; i < layout->factors; i++) {
		struct table_column *column = &layout->columns[i];
		char name[TEXT_TABLE_CELL_MAX], value[TEXT_TABLE_CELL_MAX];
		size_t length = strlen(title);

		if (!is_constant(column, selection, value))
			continue;
		table_title(column, name);
		snprintf(title + length, TABLE_TITLE_MAX - length, ", %s %s",
			 name, value);
		memmove(column, column + 1,
			(--layout->count - i) * sizeof(*column));
		layout->factors--;
		return true;
	}
	return false;
}

/* Removes one column: first the time per message, which repeats the rate; then
 * the undisturbed rounds, which a line below the table replaces; then the core
 * distance; then a factor with one value. */
static bool make_narrower(struct table_layout *layout,
			  const struct selection *selection,
			  char title[TABLE_TITLE_MAX])
{
	return remove_column(layout, "ns") ||
	       remove_column(layout, "undisturbed") || merge_distance(layout) ||
	       move_to_title(layout, selection, title);
}

bool table_narrow(const struct text_table *text, struct table_layout *layout,
		  const struct selection *selection,
		  char title[TABLE_TITLE_MAX], const struct output *output)
{
	return output->format == OUTPUT_TEXT &&
	       text_table_width(text) > text_width + 1 &&
	       make_narrower(layout, selection, title);
}
