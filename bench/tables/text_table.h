/* SPDX-License-Identifier: BSD-2-Clause */
/* Aligns texts in columns. Each column is as wide as its longest text. */
#ifndef TEXT_TABLE_H
#define TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	TEXT_TABLE_COLUMNS_MAX = 48,
	TEXT_TABLE_CELL_MAX = 64,
};

struct text_table {
	size_t columns;
	struct {
		char title[TEXT_TABLE_CELL_MAX];
		char group[TEXT_TABLE_CELL_MAX]; /* heading over adjacent
						    columns, or "" */
		bool left;	/* align left, otherwise right */
		bool omit_same; /* do not print a text equal to the text above
				 */
	} heads[TEXT_TABLE_COLUMNS_MAX];
	char (*cells)[TEXT_TABLE_CELL_MAX]; /* row by row */
	size_t rows;
};

void text_table_init(struct text_table *table);
void text_table_free(struct text_table *table);

/* Adds a column and returns its number. Call this before text_table_row(). */
size_t text_table_column(struct text_table *table, const char *title,
			 bool left);

/* Adds an empty row and returns its cells, one for each column, to fill in. */
char (*text_table_row(struct text_table *table))[TEXT_TABLE_CELL_MAX];

/* Of its lines. */
size_t text_table_width(const struct text_table *table);

void text_table_print(const struct text_table *table, FILE *to);

#endif
