/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "cell_flags.h"
#include "names.h"
#include "table_flags.h"
#include "text.h"

enum {
	NAMED_MAX = 10,
	NAME_WIDTH = 42,
};

static void print_rows(const struct run *run, const struct flag *flag, FILE *to)
{
	size_t rows = 0;

	for (size_t r = 0; r < run->rows.count; r++)
		rows += record_has_name(&run->rows.rows[r], COLUMN_flags,
					flag->name);
	if (rows)
		text_wrap(flag->meaning,
			  (size_t)fprintf(to, "  %-20s %4zu of %zu rows: ",
					  flag->name, rows, run->rows.count),
			  to);
}

static void print_cell(const struct naming *naming, const struct group *group,
		       unsigned flags, FILE *to)
{
	const char *separator = "  ";
	char name[NAME_SHORT_MAX];

	name_short(naming, group->example, name);
	fprintf(to, "  %-*s", NAME_WIDTH, name);
	for (unsigned bit = 1; bit <= CELL_SLOW_FIRST; bit <<= 1)
		if (flags & bit) {
			fprintf(to, "%s%s", separator, cell_flag_name(bit));
			separator = "+";
		}
	fputc('\n', to);
}

static void name_cells(const struct run *run, struct naming *naming)
{
	const struct record **rows = calloc(run->groups.count + 1,
					    sizeof(*rows));

	if (!rows)
		abort();
	for (size_t i = 0; i < run->groups.count; i++)
		rows[i] = run->groups.groups[i].example;
	naming_make(naming, rows, run->groups.count);
	free(rows);
}

/* What chance alone flags, so that nobody hunts for it. */
static void print_cells(const struct run *run, FILE *to)
{
	struct naming naming;
	size_t flagged = 0;

	name_cells(run, &naming);
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
			print_cell(&naming, group, flags, to);
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
