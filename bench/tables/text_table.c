/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "text_table.h"

void text_table_init(struct text_table *table)
{
	memset(table, 0, sizeof(*table));
}

void text_table_free(struct text_table *table)
{
	free(table->cells);
	text_table_init(table);
}

size_t text_table_column(struct text_table *table, const char *title, bool left)
{
	size_t number = table->columns++;

	if (number == TEXT_TABLE_COLUMNS_MAX)
		abort();
	snprintf(table->heads[number].title, TEXT_TABLE_CELL_MAX, "%s", title);
	table->heads[number].left = left;
	return number;
}

char (*text_table_row(struct text_table *table))[TEXT_TABLE_CELL_MAX]
{
	size_t width = table->columns;

	table->cells = realloc(table->cells, (table->rows + 1) * width *
						     sizeof(*table->cells));
	if (!table->cells)
		abort();
	memset(table->cells + table->rows * width, 0,
	       width * sizeof(*table->cells));
	return table->cells + width * table->rows++;
}

static const char *cell_at(const struct text_table *table, size_t row,
			   size_t column)
{
	return table->cells[row * table->columns + column];
}

static size_t width_of(const struct text_table *table, size_t column)
{
	size_t width = strlen(table->heads[column].title);

	for (size_t i = 0; i < table->rows; i++) {
		size_t length = strlen(cell_at(table, i, column));

		width = length > width ? length : width;
	}
	return width;
}

size_t text_table_width(const struct text_table *table)
{
	size_t width = table->columns ? table->columns - 1 : 0;

	for (size_t i = 0; i < table->columns; i++)
		width += width_of(table, i);
	return width;
}

static bool has_groups(const struct text_table *table)
{
	for (size_t i = 0; i < table->columns; i++)
		if (*table->heads[i].group)
			return true;
	return false;
}

/* Prints the name of each group of columns, centred over its columns. */
static void print_groups(const struct text_table *table, const size_t *widths,
			 FILE *to)
{
	for (size_t i = 0; i < table->columns;) {
		const char *name = table->heads[i].group;
		int width = (int)widths[i], left;
		size_t end = i + 1;

		while (*name && end < table->columns &&
		       strcmp(table->heads[end].group, name) == 0)
			width += 1 + (int)widths[end++];
		left = (width - (int)strlen(name)) / 2;
		left = left > 0 ? left : 0;
		if (end == table->columns && !*name)
			break;
		fprintf(to, "%s%*s%-*s", i ? " " : "", left, "", width - left,
			name);
		i = end;
	}
	fputc('\n', to);
}

/* Line 0 has the titles, and each other line has one row. */
static const char *text_at(const struct text_table *table, size_t line,
			   size_t column)
{
	const char *text;

	if (line == 0)
		return table->heads[column].title;
	text = cell_at(table, line - 1, column);
	if (table->heads[column].omit_same && line > 1 &&
	    strcmp(text, cell_at(table, line - 2, column)) == 0)
		return "";
	return text;
}

/* Prints one line without trailing blanks. */
static void print_line(const struct text_table *table, const size_t *widths,
		       size_t line, FILE *to)
{
	size_t blanks = 0;

	for (size_t i = 0; i < table->columns; i++) {
		const char *text = text_at(table, line, i);
		size_t pad = widths[i] - strlen(text);
		bool left = table->heads[i].left;

		blanks += i ? 1 : 0;
		blanks += left ? 0 : pad;
		if (*text) {
			fprintf(to, "%*s%s", (int)blanks, "", text);
			blanks = 0;
		}
		blanks += left ? pad : 0;
	}
	fputc('\n', to);
}

void text_table_print(const struct text_table *table, FILE *to)
{
	size_t widths[TEXT_TABLE_COLUMNS_MAX] = { 0 };

	for (size_t i = 0; i < table->columns; i++)
		widths[i] = width_of(table, i);
	if (has_groups(table))
		print_groups(table, widths, to);
	for (size_t line = 0; line <= table->rows; line++)
		print_line(table, widths, line, to);
}
