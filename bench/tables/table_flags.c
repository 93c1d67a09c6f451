/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "cell_flags.h"
#include "table_flags.h"

enum {
	NAMED_MAX = 10,
	NAME_MAX_LENGTH = 52,
};

static void print_rows(const struct run *run, const struct flag *flag, FILE *to)
{
	size_t rows = 0;

	for (size_t r = 0; r < run->rows.count; r++)
		rows += record_has_name(&run->rows.rows[r], COLUMN_flags,
					flag->name);
	if (rows)
		fprintf(to, "  %-20s %4zu of %zu rows: %s\n", flag->name, rows,
			run->rows.count, flag->meaning);
}

static bool same_scenario(const struct group *a, const struct group *b)
{
	return strcmp(record_text(a->example, COLUMN_scenario),
		      record_text(b->example, COLUMN_scenario)) == 0;
}

/* Whether the scenario's cells differ in this factor. */
static bool tells_apart(const struct run *run, const struct group *group,
			int column)
{
	char mine[RECORD_FIELD_MAX], other[RECORD_FIELD_MAX];

	if (results_schema.columns[column].role != ROLE_FACTOR)
		return false;
	record_format(group->example, column, mine);
	for (size_t i = 0; i < run->groups.count; i++) {
		if (!same_scenario(group, &run->groups.groups[i]))
			continue;
		/* A window's length is named where nothing else differs. */
		if (column == COLUMN_duration_ns &&
		    !group_same_but(group, &run->groups.groups[i], &column, 1))
			continue;
		record_format(run->groups.groups[i].example, column, other);
		if (strcmp(mine, other) != 0)
			return true;
	}
	return false;
}

/* "pingpong mutex poll same-cpu queues=2": other factors where they differ. */
static void name_cell(const struct run *run, const struct group *group,
		      char *name, size_t size)
{
	const struct record *row = group->example;
	char value[RECORD_FIELD_MAX];
	size_t length;

	length = (size_t)snprintf(
		name, size, "%s %s %s %s", record_text(row, COLUMN_scenario),
		record_text(row, COLUMN_backend), record_text(row, COLUMN_wait),
		record_text(row, COLUMN_placement));
	for (int i = 0; i < RESULT_COLUMN_COUNT && length < size; i++) {
		if (i == COLUMN_scenario || i == COLUMN_backend ||
		    i == COLUMN_wait || i == COLUMN_placement ||
		    !record_has(row, i) || !tells_apart(run, group, i))
			continue;
		record_format(row, i, value);
		length += (size_t)snprintf(
			name + length, size - length, " %s=%s",
			results_schema.columns[i].name, value);
	}
}

static void print_cell(const struct run *run, const struct group *group,
		       unsigned flags, FILE *to)
{
	const char *separator = "  ";
	char name[NAME_MAX_LENGTH + 1];

	name_cell(run, group, name, sizeof(name));
	fprintf(to, "  %-*s", NAME_MAX_LENGTH - 10, name);
	for (unsigned bit = 1; bit <= CELL_SLOW_FIRST; bit <<= 1)
		if (flags & bit) {
			fprintf(to, "%s%s", separator, cell_flag_name(bit));
			separator = "+";
		}
	fputc('\n', to);
}

/* What chance alone flags, so that nobody hunts for it. */
static void print_cells(const struct run *run, FILE *to)
{
	size_t flagged = 0;

	for (size_t i = 0; i < run->groups.count; i++) {
		const struct group *group = &run->groups.groups[i];
		unsigned flags = cell_flags(group);

		if (!flags)
			continue;
		if (flagged++ == 0)
			fprintf(to,
				"cells whose rounds do not agree, of %zu; each "
				"flag is raised by chance in about\n1 of "
				"100:\n",
				run->groups.count);
		if (flagged <= NAMED_MAX)
			print_cell(run, group, flags, to);
	}
	if (flagged > NAMED_MAX)
		fprintf(to, "  and %zu more\n", flagged - NAMED_MAX);
}

void table_flags_print(const struct run *run, FILE *to)
{
	for (const struct flag *flag = known_flags; flag->name; flag++)
		if (!flag->of_cell)
			print_rows(run, flag, to);
	print_cells(run, to);
}
