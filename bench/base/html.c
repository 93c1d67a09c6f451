/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>

#include "html.h"

static void put_part(const char *text, size_t length, FILE *to)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '&')
			fputs("&amp;", to);
		else if (c == '<')
			fputs("&lt;", to);
		else if (c == '>')
			fputs("&gt;", to);
		else if (c == '"')
			fputs("&quot;", to);
		else if (c == '\'')
			fputs("&#39;", to);
		else
			fputc(c < ' ' || c == 0x7f ? ' ' : c, to);
	}
}

void html_put(const char *text, FILE *to)
{
	put_part(text, strlen(text), to);
}

/* Prints one line of a paragraph. `first`: no line break before it. */
static void put_line(const char *line, size_t length, bool first, FILE *to)
{
	bool bold = length > 2 && strncmp(line, "* ", 2) == 0;
	bool indented = *line == ' ';
	size_t skipped = bold ? 2 : strspn(line, " ");

	fputs(first ? "<p>" : indented ? "\n" : "<br>\n", to);
	fputs(bold ? "<strong>" : indented ? "<span class=\"i\">" : "", to);
	put_part(line + skipped, length - skipped, to);
	fputs(bold ? "</strong>" : indented ? "</span>" : "", to);
}

void html_paragraphs(const char *text, FILE *to)
{
	bool open = false;

	while (*text) {
		size_t length = strcspn(text, "\n");
		bool empty = strspn(text, " ") >= length;

		if (!empty)
			put_line(text, length, !open, to);
		else if (open)
			fputs("</p>\n", to);
		open = !empty;
		text += length + (text[length] == '\n');
	}
	fputs(open ? "</p>\n" : "", to);
}
