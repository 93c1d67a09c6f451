/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "cell_flags.h"
#include "names.h"
#include "table_flags.h"
#include "text.h"

enum {
	NAMED_MAX = 10,
	NARROW = 60, /* below this width, the meaning has lines of its own */
	INDENT = 4,
	FLAGS_MAX = 80,
};

/* Prints how many rows have the flag. Returns whether there is such a row. */
static bool print_rows(const struct run *run, const struct flag *flag,
		       bool first, FILE *to)
{
	size_t rows = 0, column;

	for (size_t r = 0; r < run->rows.count; r++)
		rows += record_has_name(&run->rows.rows[r], COLUMN_flags,
					flag->name);
	if (rows && first)
		fprintf(to, "\nrows with a flag:\n");
	if (!rows)
		return false;
	column = 1 + (size_t)fprintf(to,
				     "  %-20s %4zu of %zu rows:", flag->name,
				     rows, run->rows.count);
	if (text_width < NARROW) {
		column = INDENT;
		fputc('\n', to);
	}
	fprintf(to, "%*s", text_width < NARROW ? INDENT : 1, "");
	text_wrap(flag->meaning, column, to);
	return true;
}

static void print_cell(const struct naming *naming, const struct group *group,
		       unsigned flags, FILE *to)
{
	char name[NAME_SHORT_MAX], text[NAME_SHORT_MAX + FLAGS_MAX];
	size_t length = 0;

	for (unsigned bit = 1; bit <= CELL_SLOW_FIRST; bit <<= 1)
		if (flags & bit)
			length += (size_t)snprintf(
				text + length, FLAGS_MAX - length, "%s%.20s",
				length ? "+" : "", cell_flag_name(bit));
	name_short(naming, group->example, name);
	snprintf(text + length, sizeof(text) - length, ": %s", name);
	fputs("  ", to);
	text_wrap(text, INDENT, to);
}

/* Explains the flags of the named cells. */
static void print_meanings(unsigned seen, FILE *to)
{
	for (const struct flag *flag = known_flags; flag->name; flag++)
		for (unsigned bit = 1; bit <= CELL_SLOW_FIRST; bit <<= 1)
			if (seen & bit &&
			    strcmp(flag->name, cell_flag_name(bit)) == 0)
				text_wrap(
					flag->meaning,
					(size_t)fprintf(to, "%s: ", flag->name),
					to);
}

/* The heading names the rate of false flags, so that nobody investigates a
 * flag that chance explains. */
static void print_cells(const struct run *run, FILE *to)
{
	struct naming naming;
	size_t flagged = 0;
	unsigned seen = 0;

	groups_naming(&run->groups, &naming);
	for (size_t i = 0; i < run->groups.count; i++) {
		const struct group *group = &run->groups.groups[i];
		unsigned flags = cell_flags(group);

		if (!flags)
			continue;
		seen |= flags;
		if (flagged++ == 0)
			fprintf(to,
				"\ncells with irregular rounds, of %zu. By "
				"chance alone, a cell gets each flag\nwith a "
				"probability of about 1 %%.\n",
				run->groups.count);
		if (flagged <= NAMED_MAX)
			print_cell(&naming, group, flags, to);
	}
	if (flagged > NAMED_MAX)
		fprintf(to, "  and %zu more\n", flagged - NAMED_MAX);
	print_meanings(seen, to);
}

void table_flags_print(const struct run *run, FILE *to)
{
	bool first = true;

	for (const struct flag *flag = known_flags; flag->name; flag++)
		if (!flag->of_cell && print_rows(run, flag, first, to))
			first = false;
	print_cells(run, to);
}
