/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of one cell of a table, from a declared column; see scenario.h. */
#ifndef TABLE_VALUES_H
#define TABLE_VALUES_H

#include "groups.h"
#include "scenario.h"
#include "text.h"
#include "text_table.h"

/*
 * "7.08M -31+107%": a median, and how far its 95 % confidence interval reaches
 * below and above the median, in whole percents of the median. "+-4%": equally
 * far on both sides. "-": nothing was measured.
 */
void table_median(const struct group *group, int column,
		  char text[TEXT_TABLE_CELL_MAX]);

/* A value of the column in the unit of the column: "1.2ms", "31%". "-": NaN. */
void table_number(int column, double value, char text[TEXT_NUMBER_MAX]);

/* The text of the column for the group; group NULL: not measured. */
void table_value(const struct table_column *column, const struct group *group,
		 char text[TEXT_TABLE_CELL_MAX]);

/* "pause" for pause_ns, because each value is printed with its unit. */
void table_title(const struct table_column *column,
		 char title[TEXT_TABLE_CELL_MAX]);

/* The core distance of the row's class: "62ns". */
void table_distance(const struct record *row, char text[CELL_TEXT_MAX]);

/* The placement and the core distance: "llc 62ns". */
void table_place(const struct record *row, char text[CELL_TEXT_MAX]);

/* The quotient of the medians of both objectives: "118k" or "1/118k". */
void table_ratio(const struct group *one, const struct group *two,
		 char text[TEXT_TABLE_CELL_MAX]);

#endif
