/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend_rules.h"
#include "cell.h"
#include "lookup.h"
#include "names.h"
#include "text.h"

static const struct scenario *scenario_of(const struct record *row)
{
	return registry_find_scenario(record_text(row, COLUMN_scenario));
}

/* Appends `first`, `between` and `second` as the next word. */
static void add(char *name, size_t size, const char *between, const char *first,
		const char *between_both, const char *second)
{
	size_t length = strlen(name);

	/* The first word begins with "--", too. */
	if (!length)
		between += strspn(between, ", ");
	snprintf(name + length, size - length, "%s%s%s%s", between, first,
		 between_both, second);
}

void name_value(const struct record *row, int column, char text[NAME_SHORT_MAX])
{
	const struct column *declared = &row->schema->columns[column];
	char value[RECORD_FIELD_MAX];

	record_format(row, column, value);
	if (record_has(row, column) && declared->type == TYPE_INTEGER) {
		if (strcmp(declared->unit, "ns") == 0)
			text_format_duration(record_integer(row, column),
					     value);
		else if (strcmp(declared->unit, "1/s") == 0)
			text_format_rate(record_integer(row, column), value);
	}
	snprintf(text, NAME_SHORT_MAX, "%.*s", NAME_SHORT_MAX - 1, value);
}

bool name_is_default(const struct record *row, int column)
{
	const struct scenario *scenario = scenario_of(row);
	const struct param *param = param_of_column(
		row->schema->columns[column].name);
	char own[NAME_SHORT_MAX], usual[CELL_TEXT_MAX];
	struct backend_choice choice;
	const char *value = NULL;

	name_value(row, column, own);
	if (!scenario || !param)
		return !*own;
	if (column == COLUMN_stop &&
	    registry_find_choice(record_text(row, COLUMN_backend), &choice) &&
	    backend_needs_sentinel(scenario, choice.backend))
		return strcmp(own, "sentinel") == 0;
	value = scenario_default(scenario, param, usual);
	if (!value)
		return true; /* the scenario has no such parameter */
	if (param->kind == PARAM_TIME && !*own)
		return strcmp(value, "0ns") == 0;
	return !*own || strcmp(value, own) == 0;
}

/* A scenario without a queue writes another value into the column backend, for
 * example its lock. */
static bool is_backend_to_choose(const struct record *row)
{
	const struct scenario *scenario = scenario_of(row);
	struct backend_choice choice;

	return registry_find_choice(record_text(row, COLUMN_backend),
				    &choice) &&
	       !(scenario && scenario->no_queue && choice.backend);
}

void name_long(const struct record *row, char name[NAME_LONG_MAX])
{
	char value[NAME_SHORT_MAX];

	name[0] = '\0';
	for (size_t i = 0; i < param_count; i++) {
		const struct param *param = &params[i];
		char column_name[CELL_TEXT_MAX];
		int column;

		param_column_name(param, column_name);
		column = schema_find(row->schema, column_name);
		if (column < 0 || !record_has(row, column) ||
		    row->schema->columns[column].role != ROLE_FACTOR ||
		    (column == COLUMN_duration_ns &&
		     !record_integer(row, column)))
			continue;
		/* The name of a cell always contains backend and wait policy,
		 * even if they are the defaults. */
		if (column == COLUMN_backend ? !is_backend_to_choose(row)
		    : column != COLUMN_scenario && column != COLUMN_wait &&
				    column != COLUMN_placement
			    ? name_is_default(row, column)
			    : false)
			continue;
		name_value(row, column, value);
		add(name, NAME_LONG_MAX, " --", param->name, " ", value);
	}
}

/* Whether two of the cells differ only in the length of the window. */
static bool differ_in_duration(const struct record *const *rows, size_t count)
{
	static const int except[] = { COLUMN_duration_ns };
	struct lookup cells = { .count = 0 };
	char key[RECORD_KEY_MAX];
	bool added = true;

	for (size_t i = 0; i < count && added; i++)
		lookup_add(&cells, key, record_key(rows[i], except, 1, key),
			   &added);
	lookup_free(&cells);
	return !added;
}

static const struct record *first_of_scenario(const struct record *const *rows,
					      const struct record *row)
{
	while (factor_compare(*rows, row, COLUMN_scenario) != 0)
		rows++;
	return *rows;
}

void naming_make(struct naming *naming, const struct record *const *rows,
		 size_t count)
{
	memset(naming, 0, sizeof(*naming));
	naming->first = count ? rows[0] : NULL;
	for (size_t i = 1; i < count; i++) {
		const struct record *first = first_of_scenario(rows, rows[i]);

		naming->shown[COLUMN_scenario] |= first != rows[0];
		for (int c = 0; c < (int)first->schema->count; c++)
			if (first->schema->columns[c].role == ROLE_FACTOR)
				naming->shown[c] |=
					factor_compare(first, rows[i], c) != 0;
	}
	naming->shown[COLUMN_duration_ns] &= differ_in_duration(rows, count);
}

/* Whether the column's values are clear without its name. */
static bool is_plain(int column)
{
	return column == COLUMN_scenario || column == COLUMN_backend ||
	       column == COLUMN_wait || column == COLUMN_placement;
}

static void add_factor(char name[NAME_SHORT_MAX], const char *between,
		       const struct record *row, int column)
{
	const struct param *param = param_of_column(
		row->schema->columns[column].name);
	char value[NAME_SHORT_MAX], consumers[NAME_SHORT_MAX];

	name_value(row, column, value);
	if (!*value)
		return;
	if (column == COLUMN_producers && record_has(row, COLUMN_consumers)) {
		name_value(row, COLUMN_consumers, consumers);
		add(name, NAME_SHORT_MAX, between, value, "x", consumers);
	} else if (column == COLUMN_distance_ns) {
		add(name, NAME_SHORT_MAX, between, value, " ", "apart");
	} else if (is_plain(column)) {
		add(name, NAME_SHORT_MAX, between, value, "", "");
	} else {
		add(name, NAME_SHORT_MAX, between,
		    param ? param->name : row->schema->columns[column].name,
		    "=", value);
	}
}

void name_short(const struct naming *naming, const struct record *row,
		char name[NAME_SHORT_MAX])
{
	name[0] = '\0';
	for (int i = 0; i < (int)row->schema->count; i++) {
		bool shown = naming->shown[i];

		if (i == COLUMN_producers)
			shown |= naming->shown[COLUMN_consumers];
		if (i == COLUMN_consumers)
			shown &= !record_has(row, COLUMN_producers);
		if (shown)
			add_factor(name, " ", row, i);
	}
	if (!*name)
		add_factor(name, " ", row, COLUMN_backend);
}

void name_common(const struct naming *naming, char name[NAME_SHORT_MAX])
{
	name[0] = '\0';
	for (int i = 0; naming->first && i < (int)naming->first->schema->count;
	     i++)
		if (is_plain(i) && !naming->shown[i])
			add_factor(name, ", ", naming->first, i);
}

static int rank_of(const char *name, const char *const *names, int count)
{
	size_t length = strcspn(name, ":");
	int i = 0;

	while (i < count && (strlen(names[i]) != length ||
			     strncmp(name, names[i], length) != 0))
		i++;
	return i;
}

int factor_compare(const struct record *a, const struct record *b, int column)
{
	const char *left = record_text(a, column);
	const char *right = record_text(b, column);
	int order = 0;

	if (record_has(a, column) != record_has(b, column))
		return record_has(a, column) ? 1 : -1;
	if (!record_has(a, column))
		return 0;
	if (a->schema->columns[column].type != TYPE_TEXT) {
		double x = record_number(a, column);
		double y = record_number(b, column);

		return (x > y) - (x < y);
	}
	if (column == COLUMN_wait)
		order = rank_of(left, wait_names, WAIT_KINDS) -
			rank_of(right, wait_names, WAIT_KINDS);
	else if (column == COLUMN_placement)
		order = rank_of(left, placement_names, PLACEMENTS) -
			rank_of(right, placement_names, PLACEMENTS);
	else if (column == COLUMN_backend)
		order = registry_is_not_a_queue(right) -
			registry_is_not_a_queue(left);
	return order ? order : strverscmp(left, right);
}

int cell_compare(const struct record *a, const struct record *b)
{
	static const int first[] = { COLUMN_scenario, COLUMN_wait,
				     COLUMN_backend, COLUMN_placement };
	int order = 0;

	for (size_t i = 0; i < 4 && !order; i++)
		order = factor_compare(a, b, first[i]);
	for (int i = 0; i < (int)a->schema->count && !order; i++)
		if (a->schema->columns[i].role == ROLE_FACTOR)
			order = factor_compare(a, b, i);
	return order;
}
