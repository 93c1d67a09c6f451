/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one model of a table: columns with titles, and rows of texts. A text can
 * have an additional value for programs. The same table is printed as text, as
 * Markdown, as HTML or as JSON.
 */
#ifndef TEXT_TABLE_H
#define TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

enum {
	TEXT_TABLE_COLUMNS_MAX = 48,
	TEXT_TABLE_CELL_MAX = 64, /* size of a title, and of most texts */
};

struct text_table_head {
	char title[TEXT_TABLE_CELL_MAX];
	char group[TEXT_TABLE_CELL_MAX]; /* heading over adjacent columns, or
					    "" */
	const char *key; /* name in JSON; NULL: the group and the title */
	bool left;	 /* align left, otherwise right */
	bool omit_same;	 /* in plain text: leave out a text that equals the text
			    above it */
};

struct text_table_cell {
	char *text;
	json_t *value; /* value for programs; NULL: use the text */
};

struct text_table {
	size_t columns;
	struct text_table_head heads[TEXT_TABLE_COLUMNS_MAX];
	struct text_table_cell *cells; /* row by row */
	size_t rows;
	bool untitled; /* in plain text: do not print the titles */
};

void text_table_init(struct text_table *table);
void text_table_free(struct text_table *table);

/* Adds a column and returns its number. Add all columns before the first row.
 */
size_t text_table_column(struct text_table *table, const char *title,
			 bool left);

/* Adds an empty row. */
void text_table_row(struct text_table *table);

/* Fills in a cell of the last row. The table owns `value`, which can be NULL.
 */
void text_table_set(struct text_table *table, size_t column, const char *text,
		    json_t *value);

/* The width of the table's lines. */
size_t text_table_width(const struct text_table *table);

/*
 * Prints lines of at most `width` columns. If the table is wider, one of these
 * layouts is used: the last column is wrapped (if it is aligned left); long
 * texts of the first column get their own line; each cell gets its own line.
 */
void text_table_print(const struct text_table *table, size_t width, FILE *to);

void text_table_markdown(const struct text_table *table, FILE *to);

/* Prints the table as HTML. caption: the title, or "". */
void text_table_html(const struct text_table *table, const char *caption,
		     FILE *to);

/* The number of leading columns that name a row. */
size_t text_table_names(const struct text_table *table);

/* Returns an array with one object for each row. */
json_t *text_table_json(const struct text_table *table);

#endif
