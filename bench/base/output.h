/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The output of a command: tables, and text for a reader. A command has one
 * code for its output, and the user chooses the format. docs/schemas/ describes
 * the JSON.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "text_table.h"

enum output_format {
	OUTPUT_TEXT,
	OUTPUT_MARKDOWN,
	OUTPUT_HTML, /* a part of a page */
	OUTPUT_JSON,
};

struct output {
	enum output_format format;
	FILE *to;
	bool began;    /* something was printed */
	bool in_block; /* Markdown: a code block is open */
	const char
		*host; /* what follows is about this host; NULL: no heading */
	json_t *json;
	FILE *memory; /* JSON and HTML: collects the text; NULL: no text yet */
	char *text;
	size_t size;
};

void output_begin(struct output *output, enum output_format format, FILE *to);

/* Prints the rest of the output. JSON is printed only here. */
void output_end(struct output *output);

/* Returns the file for text for a reader. The text becomes a code block in
 * Markdown, which keeps the line breaks, paragraphs in HTML (see html.h), and
 * the member "text" in JSON. */
FILE *output_text(struct output *output);

/* name: the table's name in JSON. title: the line above it, or "". NULL: the
 * table follows the text before it without an empty line. */
void output_table(struct output *output, const char *name, const char *title,
		  const struct text_table *table);

/* Prints the name of the host as a heading; the following output is about this
 * host. In JSON, the following tables have the member "host". */
void output_host(struct output *output, const char *host);

/* Adds a member to the JSON document; the other formats leave it out. The
 * output owns the value. */
void output_fact(struct output *output, const char *name, json_t *value);

#endif
