/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "best.h"
#include "bound.h"
#include "exclude.h"
#include "findings.h"
#include "host.h"
#include "readings.h"
#include "report.h"
#include "run.h"
#include "table.h"
#include "text.h"

void report_print_head(const struct run *run, FILE *to)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "ringbench %.60s, plan %.60s, %" PRId64 " rounds, %zu cells",
		 run_fact(run, "program.revision"), run_fact(run, "plan.name"),
		 run_rounds(run), run->groups.cells);
	text_wrap(text, 0, to);
	snprintf(text, sizeof(text), "%.300s, Linux %.100s",
		 run_fact(run, "host.caption"),
		 run_fact(run, "host.kernel.release"));
	text_wrap(text, 0, to);
}

static void add_facts(const struct run *run, struct output *output)
{
	output_fact(output, "revision",
		    json_string(run_fact(run, "program.revision")));
	output_fact(output, "plan", json_string(run_fact(run, "plan.name")));
	output_fact(output, "rounds", json_integer(run_rounds(run)));
	output_fact(output, "cells",
		    json_integer((json_int_t)run->groups.cells));
	output_fact(output, "machine",
		    json_string(run_fact(run, "host.caption")));
	output_fact(output, "kernel",
		    json_string(run_fact(run, "host.kernel.release")));
}

static void write_report(const struct run *run,
			 const struct exclusion *exclusion,
			 enum output_format format, FILE *to)
{
	struct output output;

	output_begin(&output, format, to);
	add_facts(run, &output);
	report_print_head(run, output_text(&output));
	if (exclusion)
		exclude_print(exclusion, output_text(&output));
	/* A Markdown document begins with the best queues. */
	if (format == OUTPUT_MARKDOWN)
		best_print(run, &output);
	table_print(run, &output);
	table_warnings_print(run, output_text(&output));
	readings_print(run, &output);
	findings_print(run, output_text(&output));
	output_end(&output);
}

/* report.txt has the same width on every terminal. Returns 0 or -errno. */
static int write_file(const struct run *run, const char *file)
{
	size_t width = text_width, size = 0;
	char *text = NULL;
	FILE *memory = open_memstream(&text, &size);
	int error;

	if (!memory)
		abort();
	text_width = TEXT_WIDTH_USUAL;
	write_report(run, NULL, OUTPUT_TEXT, memory);
	text_width = width;
	fclose(memory);
	error = paths_write_file(file, text);
	free(text);
	return error;
}

int report_write(const char *path, const char *excluded,
		 enum output_format format, FILE *to, struct fault *fault)
{
	char file[PATHS_MAX + 16];
	struct exclusion exclusion;
	struct run run;
	int error = 0;

	if (excluded && exclude_parse(&exclusion, excluded, fault) != 0)
		return -1;
	if (run_load(&run, path, fault) != 0)
		return -1;
	if (excluded)
		exclude_apply(&exclusion, &run);
	bounds_find(&run.groups);
	write_report(&run, excluded ? &exclusion : NULL, format, to);
	if (run.json && !excluded) {
		snprintf(file, sizeof(file), "%.4080s/report.txt", path);
		error = write_file(&run, file);
	}
	if (error)
		fault_set(fault, EXIT_OUTPUT,
			  "cannot write %.900s: %s; free some space, then run "
			  "the command again",
			  file, strerror(-error));
	run_free(&run);
	return error ? -1 : 0;
}
