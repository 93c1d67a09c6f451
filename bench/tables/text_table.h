/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines up texts in columns: each column is as wide as its longest text. */
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
		char group[TEXT_TABLE_CELL_MAX]; /* over neighbours, or "" */
		bool left;			 /* else on the right */
		bool omit_same; /* a text like the one above it is left out */
	} heads[TEXT_TABLE_COLUMNS_MAX];
	char (*cells)[TEXT_TABLE_CELL_MAX]; /* row by row */
	size_t rows;
};

void text_table_init(struct text_table *table);
void text_table_free(struct text_table *table);

/* Adds a column and returns its number; before the first row. */
size_t text_table_column(struct text_table *table, const char *title,
			 bool left);

/* Adds an empty row; its cells are to be filled in: [columns]. */
char (*text_table_row(struct text_table *table))[TEXT_TABLE_CELL_MAX];

/* Of its lines. */
size_t text_table_width(const struct text_table *table);

void text_table_print(const struct text_table *table, FILE *to);

#endif
