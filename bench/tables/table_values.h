/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of one cell of a table, from a declared column; see scenario.h. */
#ifndef TABLE_VALUES_H
#define TABLE_VALUES_H

#include "groups.h"
#include "scenario.h"
#include "text_table.h"

/* "7.08M -31 +107%": a median, and the ends of its 95 % interval; "+-4%" where
 * both ends are equally far; "-" where there is nothing. */
void table_median(const struct group *group, int column,
		  char text[TEXT_TABLE_CELL_MAX]);

/* What the column says of the group; NULL is a group that was not measured. */
void table_value(const struct table_column *column, const struct group *group,
		 char text[TEXT_TABLE_CELL_MAX]);

/* How many times the first median is the second: "118k" or "1/118k". */
void table_ratio(const struct group *one, const struct group *two,
		 char text[TEXT_TABLE_CELL_MAX]);

#endif
