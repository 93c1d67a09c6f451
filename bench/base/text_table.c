/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "text.h"
#include "text_table.h"

enum {
	FIRST_MIN = 12, /* smallest width of the first column if its long texts
			   get their own line */
	LAST_MIN = 16,	/* smallest width of a wrapped last column */
	INDENT = 2,	/* indent of the cells if each cell has its own line */
};

void text_table_init(struct text_table *table)
{
	memset(table, 0, sizeof(*table));
}

void text_table_free(struct text_table *table)
{
	for (size_t i = 0; i < table->rows * table->columns; i++) {
		free(table->cells[i].text);
		json_decref(table->cells[i].value);
	}
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

void text_table_row(struct text_table *table)
{
	for (size_t i = 0; i < table->columns; i++) {
		size_t count = table->rows * table->columns + i;

		table->cells = array_grow(table->cells, count,
					  sizeof(*table->cells));
		table->cells[count] = (struct text_table_cell){ NULL, NULL };
	}
	table->rows++;
}

void text_table_set(struct text_table *table, size_t column, const char *text,
		    json_t *value)
{
	struct text_table_cell *cell =
		&table->cells[(table->rows - 1) * table->columns + column];

	free(cell->text);
	json_decref(cell->value);
	cell->text = strdup(text);
	cell->value = value;
	if (!cell->text)
		abort();
}

static const char *cell_at(const struct text_table *table, size_t row,
			   size_t column)
{
	const char *text = table->cells[row * table->columns + column].text;

	return text ? text : "";
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

/* The width of a column if texts wider than `most` get a line of their own. */
static size_t width_of(const struct text_table *table, size_t column,
		       size_t most)
{
	size_t width = 0;

	for (size_t i = table->untitled; i <= table->rows; i++) {
		const char *text = i ? cell_at(table, i - 1, column)
				     : table->heads[column].title;
		size_t length = strlen(text);

		width = length > width && length <= most ? length : width;
	}
	return width;
}

static size_t widths_of(const struct text_table *table, size_t *widths)
{
	size_t sum = table->columns - 1;

	for (size_t i = 0; i < table->columns; i++) {
		widths[i] = width_of(table, i, SIZE_MAX);
		sum += widths[i];
	}
	return sum;
}

size_t text_table_width(const struct text_table *table)
{
	size_t widths[TEXT_TABLE_COLUMNS_MAX];

	return widths_of(table, widths);
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

/* Prints one line without trailing blanks. */
static void print_line(const struct text_table *table, const size_t *widths,
		       size_t line, FILE *to)
{
	size_t blanks = 0, column = 0;

	for (size_t i = 0; i < table->columns; i++) {
		const char *text = text_at(table, line, i);
		size_t length = strlen(text);
		bool left = table->heads[i].left;
		bool last = i + 1 == table->columns;
		size_t pad = widths[i] > length ? widths[i] - length : 0;

		blanks += i ? 1 : 0;
		if (length > widths[i] && !last) {
			fprintf(to, "%s\n", text);
			blanks = widths[i];
			continue;
		}
		blanks += left ? 0 : pad;
		column += i ? 1 : 0;
		if (last && length > widths[i]) {
			fprintf(to, "%*s", (int)blanks, "");
			text_wrap(text, column, to);
			return;
		}
		column += widths[i];
		if (*text) {
			fprintf(to, "%*s%s", (int)blanks, "", text);
			blanks = 0;
		}
		blanks += left ? pad : 0;
	}
	fputc('\n', to);
}

static void print_lines(const struct text_table *table, const size_t *widths,
			FILE *to)
{
	if (has_groups(table))
		print_groups(table, widths, to);
	for (size_t line = table->untitled; line <= table->rows; line++)
		print_line(table, widths, line, to);
}

/* The group and the title of a column. */
static void full_title(const struct text_table_head *head,
		       char title[2 * TEXT_TABLE_CELL_MAX])
{
	snprintf(title, 2 * TEXT_TABLE_CELL_MAX, "%s%s%s", head->group,
		 *head->group && *head->title ? " " : "", head->title);
}

/* Prints the texts of the leading columns, which name the row. */
static void print_names(const struct text_table *table, size_t row,
			size_t names, FILE *to)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		abort();
	for (size_t i = 0; i < names; i++)
		if (*cell_at(table, row, i))
			fprintf(memory, "%s%s", i ? " " : "",
				cell_at(table, row, i));
	fclose(memory);
	text_wrap(text, 0, to);
	free(text);
}

static void print_value(const struct text_table *table, size_t row,
			size_t column, FILE *to)
{
	const char *value = cell_at(table, row, column);
	char title[2 * TEXT_TABLE_CELL_MAX];
	char *text;

	full_title(&table->heads[column], title);
	if (!*value || strcmp(value, "-") == 0)
		return;
	if (asprintf(&text, "%s%s%s", table->untitled ? "" : title,
		     table->untitled || !*title ? "" : ": ", value) < 0)
		abort();
	fprintf(to, "%*s", INDENT, "");
	text_wrap(text, INDENT, to);
	free(text);
}

size_t text_table_names(const struct text_table *table)
{
	size_t names = 1;

	while (names < table->columns && table->heads[names].left)
		names++;
	return names - (names == table->columns && names > 1);
}

/* Prints each cell on its own line. */
static void print_records(const struct text_table *table, FILE *to)
{
	size_t names = text_table_names(table);

	for (size_t row = 0; row < table->rows; row++) {
		print_names(table, row, names, to);
		for (size_t i = names; i < table->columns; i++)
			print_value(table, row, i, to);
	}
}

/* The narrowest width that a wrapped column can have. */
static size_t longest_word(const struct text_table *table, size_t column)
{
	size_t longest = LAST_MIN;

	for (size_t row = 0; row < table->rows; row++)
		for (const char *text = cell_at(table, row, column); *text;
		     text += strspn(text, " ")) {
			size_t length = strcspn(text, " ");

			longest = length > longest ? length : longest;
			text += length;
		}
	/* The last column of the terminal stays empty. */
	return longest + 1;
}

void text_table_print(const struct text_table *table, size_t width, FILE *to)
{
	size_t widths[TEXT_TABLE_COLUMNS_MAX] = { 0 };
	size_t sum = widths_of(table, widths), last = table->columns - 1;
	size_t others = sum - widths[0];

	if (sum <= width) {
		print_lines(table, widths, to);
	} else if (table->heads[last].left &&
		   sum - widths[last] + longest_word(table, last) <= width) {
		widths[last] = width - (sum - widths[last]);
		widths[last] -= widths[last] > 0;
		print_lines(table, widths, to);
	} else if (table->heads[0].left && !has_groups(table) &&
		   others + FIRST_MIN <= width) {
		widths[0] = width_of(table, 0, width - others);
		print_lines(table, widths, to);
	} else {
		print_records(table, to);
	}
}

/* Prints a text for Markdown; escapes the characters that would end its
 * cell. */
static void print_escaped(const char *text, FILE *to)
{
	for (; *text; text++) {
		if (strchr("|\\<", *text))
			fputc('\\', to);
		fputc(*text == '\n' ? ' ' : *text, to);
	}
}

void text_table_markdown(const struct text_table *table, FILE *to)
{
	char title[2 * TEXT_TABLE_CELL_MAX];

	for (size_t i = 0; i < table->columns; i++) {
		full_title(&table->heads[i], title);
		fputs(i ? " | " : "| ", to);
		print_escaped(title, to);
	}
	fputs(" |\n", to);
	for (size_t i = 0; i < table->columns; i++)
		fputs(table->heads[i].left ? "|---" : "|--:", to);
	fputs("|\n", to);
	for (size_t row = 0; row < table->rows; row++) {
		for (size_t i = 0; i < table->columns; i++) {
			fputs(i ? " | " : "| ", to);
			print_escaped(cell_at(table, row, i), to);
		}
		fputs(" |\n", to);
	}
}

json_t *text_table_json(const struct text_table *table)
{
	json_t *rows = json_array();
	char title[2 * TEXT_TABLE_CELL_MAX];

	for (size_t row = 0; row < table->rows; row++) {
		json_t *json = json_object();

		for (size_t i = 0; i < table->columns; i++) {
			json_t *value =
				table->cells[row * table->columns + i].value;

			full_title(&table->heads[i], title);
			json_object_set_new(
				json,
				table->heads[i].key ? table->heads[i].key
						    : title,
				value ? json_incref(value)
				      : json_string(cell_at(table, row, i)));
		}
		json_array_append_new(rows, json);
	}
	return rows;
}
