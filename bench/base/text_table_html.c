/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "html.h"
#include "text_table.h"

enum {
	LINE_LONG = 30, /* texts up to this length are not wrapped */
};

static const char *text_of(const struct text_table *table, size_t row,
			   size_t column)
{
	const char *text = table->cells[row * table->columns + column].text;

	return text ? text : "";
}

/* Numbers are aligned right; a column of long texts is wrapped. */
static const char *class_of(const struct text_table *table, size_t column)
{
	if (!table->heads[column].left)
		return " class=\"n\"";
	for (size_t row = 0; row < table->rows; row++)
		if (strlen(text_of(table, row, column)) > LINE_LONG)
			return " class=\"w\"";
	return "";
}

/* Prints the names of groups of columns, and the titles of the columns that are
 * in no group, which are two lines high. */
static void put_groups(const struct text_table *table, FILE *to)
{
	fputs("<tr>", to);
	for (size_t i = 0; i < table->columns;) {
		const struct text_table_head *head = &table->heads[i];
		size_t end = i + 1;

		while (*head->group && end < table->columns &&
		       strcmp(table->heads[end].group, head->group) == 0)
			end++;
		if (*head->group)
			fprintf(to, "<th scope=\"colgroup\" colspan=\"%zu\">",
				end - i);
		else
			fprintf(to, "<th scope=\"col\" rowspan=\"2\"%s>",
				class_of(table, i));
		html_put(*head->group ? head->group : head->title, to);
		fputs("</th>", to);
		i = end;
	}
	fputs("</tr>\n", to);
}

static void put_heads(const struct text_table *table, FILE *to)
{
	bool groups = false;

	for (size_t i = 0; i < table->columns; i++)
		groups |= *table->heads[i].group != '\0';
	fputs("<thead>\n", to);
	if (groups)
		put_groups(table, to);
	fputs("<tr>", to);
	for (size_t i = 0; i < table->columns; i++) {
		if (groups && !*table->heads[i].group)
			continue;
		fprintf(to, "<th scope=\"col\"%s>", class_of(table, i));
		html_put(table->heads[i].title, to);
		fputs("</th>", to);
	}
	fputs("</tr>\n</thead>\n", to);
}

void text_table_html(const struct text_table *table, const char *caption,
		     FILE *to)
{
	size_t names = text_table_names(table);
	const char *classes[TEXT_TABLE_COLUMNS_MAX] = { NULL };

	for (size_t i = 0; i < table->columns; i++)
		classes[i] = class_of(table, i);
	/* A focusable container, so that the keyboard can scroll it. */
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	      "aria-label=\"",
	      to);
	html_put(*caption ? caption : "table", to);
	fputs("\">\n<table>\n", to);
	if (*caption) {
		fputs("<caption>", to);
		html_put(caption, to);
		fputs("</caption>\n", to);
	}
	if (!table->untitled)
		put_heads(table, to);
	fputs("<tbody>\n", to);
	for (size_t row = 0; row < table->rows; row++) {
		fputs("<tr>", to);
		for (size_t i = 0; i < table->columns; i++) {
			fprintf(to,
				i < names ? "<th scope=\"row\"%s>" : "<td%s>",
				classes[i]);
			html_put(text_of(table, row, i), to);
			fputs(i < names ? "</th>" : "</td>", to);
		}
		fputs("</tr>\n", to);
	}
	fputs("</tbody>\n</table>\n</div>\n", to);
}
