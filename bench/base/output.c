/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "output.h"
#include "text.h"

enum {
	DIGITS = 9,
};

static void begin_memory(struct output *output)
{
	output->memory = open_memstream(&output->text, &output->size);
	if (!output->memory)
		abort();
}

static void end_memory(struct output *output)
{
	if (fclose(output->memory) != 0)
		abort();
	output->memory = NULL;
}

void output_begin(struct output *output, enum output_format format, FILE *to)
{
	memset(output, 0, sizeof(*output));
	output->format = format;
	output->to = to;
	if (format != OUTPUT_JSON)
		return;
	output->json = json_pack("{s:[]}", "tables");
	if (!output->json)
		abort();
	begin_memory(output);
}

/* Ends the code block of Markdown, and prints the text of HTML. */
static void end_block(struct output *output)
{
	if (output->format == OUTPUT_HTML && output->memory) {
		end_memory(output);
		html_paragraphs(output->text, output->to);
		free(output->text);
	}
	if (output->in_block)
		fputs("```\n", output->to);
	output->in_block = false;
}

void output_end(struct output *output)
{
	end_block(output);
	if (output->format != OUTPUT_JSON)
		return;
	end_memory(output);
	if (*output->text)
		json_object_set_new(output->json, "text",
				    json_string(output->text));
	free(output->text);
	json_dumpf(output->json, output->to,
		   JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));
	fputc('\n', output->to);
	json_decref(output->json);
}

FILE *output_text(struct output *output)
{
	if (output->format == OUTPUT_HTML && !output->memory)
		begin_memory(output);
	if (output->memory)
		return output->memory;
	if (output->format == OUTPUT_MARKDOWN && !output->in_block) {
		fprintf(output->to, "%s```\n", output->began ? "\n" : "");
		output->in_block = true;
	}
	output->began = true;
	return output->to;
}

void output_table(struct output *output, const char *name, const char *title,
		  const struct text_table *table)
{
	switch (output->format) {
	case OUTPUT_TEXT:
		if (title) {
			fputs(output->began ? "\n" : "", output->to);
			if (*title)
				text_wrap(title, 0, output->to);
		}
		text_table_print(table, text_width + 1, output->to);
		break;
	case OUTPUT_MARKDOWN:
		end_block(output);
		fputs(output->began ? "\n" : "", output->to);
		if (title && *title)
			fprintf(output->to, "## %s\n\n", title);
		text_table_markdown(table, output->to);
		break;
	case OUTPUT_HTML:
		end_block(output);
		text_table_html(table, title ? title : "", output->to);
		break;
	default:
		json_array_append_new(
			json_object_get(output->json, "tables"),
			json_pack("{s:s, s:s*, s:s*, s:o}", "name", name,
				  "host", output->host, "title", title, "rows",
				  text_table_json(table)));
	}
	output->began = true;
}

void output_host(struct output *output, const char *host)
{
	end_block(output);
	output->host = host;
	if (output->format == OUTPUT_MARKDOWN)
		fprintf(output->to, "%s# Host %s\n", output->began ? "\n" : "",
			host);
	else if (output->format != OUTPUT_HTML)
		fprintf(output_text(output), "\n\nHost %s\n\n", host);
}

void output_fact(struct output *output, const char *name, json_t *value)
{
	if (output->format == OUTPUT_JSON)
		json_object_set_new(output->json, name, value);
	else
		json_decref(value);
}
