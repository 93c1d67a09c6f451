/* SPDX-License-Identifier: BSD-2-Clause */
/* Which cells and columns a table shows; see scenario.h. */
#ifndef TABLE_SELECT_H
#define TABLE_SELECT_H

#include "run.h"
#include "scenario.h"
#include "text_table.h"

enum {
	BESIDE_MAX = 4, /* largest number of values of a factor that are shown
			   side by side */
};

/* Cells in the order of a table. */
struct selection {
	const struct group **groups;
	size_t count;
};

/* All cells of the scenario in the run. The caller frees selection->groups. */
void select_scenario(const struct run *run, const struct scenario *scenario,
		     struct selection *selection);

/*
 * The cells of `all` that have the objective of the table and that the table
 * shows: if the table is about some factors,
 * the cells that do not have the default of one of these factors, and the cells
 * to compare them with. Otherwise all cells that no other table is about.
 * selection->groups has room for all->count cells.
 */
void select_groups(const struct scenario *scenario, const struct table *table,
		   const struct selection *all, struct selection *selection);

/*
 * The columns of a table: the declared columns, without a column whose cells
 * are all empty, and one column for each other factor in which the cells
 * differ. The columns of factors come first.
 */
struct table_layout {
	struct table_column columns[TEXT_TABLE_COLUMNS_MAX];
	size_t count;
	size_t factors;
};

void select_columns(const struct table *table,
		    const struct selection *selection,
		    struct table_layout *layout);

/* Collects the different values of a factor in rising order. Returns the number
 * of values. */
size_t select_values(const struct selection *selection, int column,
		     const struct record *values[BESIDE_MAX]);

/*
 * The group that has the value of the given row in the column and equals `like`
 * in all other factors; NULL: none.
 */
const struct group *select_with_value(const struct selection *selection,
				      const struct group *like, int column,
				      const struct record *value);

#endif
