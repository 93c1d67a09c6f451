/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "exclude.h"
#include "text.h"

static int find_flag(const char *name, const struct flag **found,
		     struct fault *fault)
{
	const char *names[EXCLUDE_MAX];
	size_t count = 0;

	for (*found = known_flags; (*found)->name; (*found)++) {
		if (strcmp((*found)->name, name) == 0)
			return 0;
		names[count++] = (*found)->name;
	}
	fault_set(fault, EXIT_USAGE, "unknown flag \"%.60s\"", name);
	return fault_suggest(fault, name, "", names, count,
			     "docs/methodology.md lists the flags");
}

int exclude_parse(struct exclusion *exclusion, const char *names,
		  struct fault *fault)
{
	char name[64];

	memset(exclusion, 0, sizeof(*exclusion));
	do {
		size_t length = strcspn(names, ",");

		snprintf(name, sizeof(name), "%.*s", (int)length, names);
		if (exclusion->count == EXCLUDE_MAX)
			return fault_set(fault, EXIT_USAGE,
					 "--exclude-flag: more than %d names; "
					 "name each flag once",
					 EXCLUDE_MAX);
		if (find_flag(name, &exclusion->flags[exclusion->count],
			      fault) != 0)
			return -1;
		exclusion->count++;
		names += length;
	} while (*names++ == ',');
	return 0;
}

/* Sets why[i] for each row i of the cell if the cell has an excluded flag. This
 * includes rows that the group does not use; otherwise these rows would become
 * its members. */
static void mark_cell(const struct exclusion *exclusion,
		      const struct group *group, const struct rows *rows,
		      const struct flag **why)
{
	for (size_t f = 0; f < exclusion->count; f++) {
		if (!exclusion->flags[f]->of_cell ||
		    !cell_has_flag(group, exclusion->flags[f]->name))
			continue;
		for (size_t i = 0; i < rows->count; i++)
			if (record_same_cell(&rows->rows[i], group->example,
					     NULL, 0))
				why[i] = exclusion->flags[f];
	}
}

static void mark_row(const struct exclusion *exclusion,
		     const struct record *row, const struct flag **why)
{
	for (size_t f = 0; f < exclusion->count; f++)
		if (record_has_name(row, COLUMN_flags,
				    exclusion->flags[f]->name))
			*why = exclusion->flags[f];
}

/* Removes the marked rows and counts them by their flag. */
static void take_out(struct exclusion *exclusion, struct rows *rows,
		     const struct flag *const *why)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (!why[i])
			rows->rows[kept++] = rows->rows[i];
		for (size_t f = 0; f < exclusion->count; f++)
			if (why[i] == exclusion->flags[f]) {
				exclusion->rows[f]++;
				break; /* the list may name a flag twice */
			}
	}
	rows->count = kept;
}

void exclude_apply(struct exclusion *exclusion, struct run *run)
{
	const struct flag **why = calloc(run->rows.count + 1, sizeof(*why));

	if (!why)
		abort();
	exclusion->rows_before = run->rows.count;
	for (size_t i = 0; i < run->groups.count; i++)
		mark_cell(exclusion, &run->groups.groups[i], &run->rows, why);
	for (size_t i = 0; i < run->rows.count; i++)
		mark_row(exclusion, &run->rows.rows[i], &why[i]);
	/* Groups point at rows, so make them again. */
	groups_free(&run->groups);
	take_out(exclusion, &run->rows, why);
	groups_make(&run->rows, &run->groups);
	free(why);
}

void exclude_print(const struct exclusion *exclusion, FILE *to)
{
	size_t sum = 0;

	for (size_t f = 0; f < exclusion->count; f++)
		sum += exclusion->rows[f];
	fprintf(to, "left out by --exclude-flag: %zu of %zu rows\n", sum,
		exclusion->rows_before);
	for (size_t f = 0; f < exclusion->count; f++)
		text_wrap(exclusion->flags[f]->meaning,
			  fprintf(to, "  %-20s %5zu rows: ",
				  exclusion->flags[f]->name,
				  exclusion->rows[f]),
			  to);
}
