/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "text.h"

enum {
	DIGITS = 9,
};

void output_begin(struct output *output, enum output_format format, FILE *to)
{
	memset(output, 0, sizeof(*output));
	output->format = format;
	output->to = to;
	if (format != OUTPUT_JSON)
		return;
	output->json = json_pack("{s:[]}", "tables");
	output->memory = open_memstream(&output->text, &output->size);
	if (!output->json || !output->memory)
		abort();
}

/* Ends the code block of Markdown. */
static void end_block(struct output *output)
{
	if (output->in_block)
		fputs("```\n", output->to);
	output->in_block = false;
}

void output_end(struct output *output)
{
	end_block(output);
	if (output->format != OUTPUT_JSON)
		return;
	if (fclose(output->memory) != 0)
		abort();
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
	if (output->format == OUTPUT_JSON)
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
	default:
		json_array_append_new(json_object_get(output->json, "tables"),
				      json_pack("{s:s, s:s*, s:o}", "name",
						name, "title", title, "rows",
						text_table_json(table)));
	}
	output->began = true;
}

void output_fact(struct output *output, const char *name, json_t *value)
{
	if (output->format == OUTPUT_JSON)
		json_object_set_new(output->json, name, value);
	else
		json_decref(value);
}
