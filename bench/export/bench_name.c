/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "exporter.h"
#include "names.h"

/* Replaces slashes and blanks: a slash separates factors, and a blank ends the
 * name. */
static void add(char name[BENCH_NAME_MAX], const char *text)
{
	size_t length = strlen(name);

	for (; *text && length < BENCH_NAME_MAX - 1; text++)
		name[length++] = *text <= ' ' || *text > '~' || *text == '/'
					 ? '_'
					 : *text;
	name[length] = '\0';
}

static void add_factor(char name[BENCH_NAME_MAX], const struct column *column,
		       const char *value)
{
	size_t length = strlen(name);
	size_t unit = strcmp(column->unit, "ns") == 0 ? strlen("_ns") : 0;

	snprintf(name + length, BENCH_NAME_MAX - length,
		 "/%.*s=", (int)(strlen(column->name) - unit), column->name);
	add(name, value);
}

void bench_name(const struct record *row, char name[BENCH_NAME_MAX])
{
	const char *scenario = record_text(row, COLUMN_scenario);
	char value[NAME_SHORT_MAX];

	name[0] = '\0';
	add(name, *scenario ? scenario : "unknown");
	for (int i = 0; i < (int)row->schema->count; i++) {
		const struct column *column = &row->schema->columns[i];

		if (column->role != ROLE_FACTOR || i == COLUMN_scenario ||
		    !record_has(row, i))
			continue;
		if (i != COLUMN_backend && i != COLUMN_wait &&
		    i != COLUMN_placement && name_is_default(row, i))
			continue;
		name_value(row, i, value);
		add_factor(name, column, value);
	}
}
