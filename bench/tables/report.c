/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "best.h"
#include "bound.h"
#include "exclude.h"
#include "findings.h"
#include "host.h"
#include "machines.h"
#include "readings.h"
#include "report.h"
#include "run.h"
#include "table.h"
#include "text.h"

void report_print_head(const struct run *run, FILE *to)
{
	int64_t rounds = run_rounds(run);
	char text[512];

	snprintf(text, sizeof(text),
		 "ringbench %.60s, plan %.60s, %" PRId64 " round%s, %zu cell%s",
		 run_fact(run, "program.revision"), run_fact(run, "plan.name"),
		 rounds, rounds == 1 ? "" : "s", run->groups.cells,
		 run->groups.cells == 1 ? "" : "s");
	text_wrap(text, 0, to);
	snprintf(text, sizeof(text), "%.300s, Linux %.100s",
		 run_fact(run, "host.caption"),
		 run_fact(run, "host.kernel.release"));
	text_wrap(text, 0, to);
}

/* A fact of all hosts: each value once, joined by " | ". */
static json_t *common_fact(const struct host_runs *all, const char *keys)
{
	char text[512] = "";
	size_t length = 0;

	for (size_t i = 0; i < all->count; i++) {
		const char *value = run_fact(&all->runs[i], keys);

		if (!strstr(text, value) && length < sizeof(text))
			length += (size_t)snprintf(
				text + length, sizeof(text) - length, "%s%s",
				length ? " | " : "", value);
	}
	return json_string(text);
}

static void add_facts(const struct host_runs *all, struct output *output)
{
	int64_t rounds = 0;
	size_t cells = 0;

	for (size_t i = 0; i < all->count; i++) {
		int64_t own = run_rounds(&all->runs[i]);

		rounds = own > rounds ? own : rounds;
		cells += all->runs[i].groups.cells;
	}
	output_fact(output, "revision", common_fact(all, "program.revision"));
	output_fact(output, "plan", common_fact(all, "plan.name"));
	output_fact(output, "rounds", json_integer(rounds));
	output_fact(output, "cells", json_integer((json_int_t)cells));
	output_fact(output, "machine", common_fact(all, "host.caption"));
	output_fact(output, "kernel", common_fact(all, "host.kernel.release"));
}

static void print_run(const struct run *run, const struct exclusion *exclusion,
		      struct output *output)
{
	report_print_head(run, output_text(output));
	if (exclusion)
		exclude_print(exclusion, output_text(output));
	/* A Markdown document begins with the best queues. */
	if (output->format == OUTPUT_MARKDOWN)
		best_print(run, output);
	table_print(run, output);
	table_warnings_print(run, output_text(output));
	readings_print(run, output);
	findings_print(run, output_text(output));
}

static void write_report(const struct host_runs *all,
			 const struct exclusion *exclusion,
			 enum output_format format, FILE *to)
{
	struct output output;

	output_begin(&output, format, to);
	add_facts(all, &output);
	if (all->count > 1)
		machines_print(all, &output);
	for (size_t i = 0; i < all->count; i++) {
		if (all->count > 1)
			output_host(&output, all->runs[i].host);
		print_run(&all->runs[i], exclusion, &output);
	}
	output_end(&output);
}

/* report.txt has the same width on every terminal. Returns 0 or -errno. */
static int write_file(const struct host_runs *all, const char *file)
{
	size_t width = text_width, size = 0;
	char *text = NULL;
	FILE *memory = open_memstream(&text, &size);
	int error;

	if (!memory)
		abort();
	text_width = TEXT_WIDTH_USUAL;
	write_report(all, NULL, OUTPUT_TEXT, memory);
	text_width = width;
	fclose(memory);
	error = paths_write_file(file, text);
	free(text);
	return error;
}

int report_write(const char *path, const struct report_choice *choice,
		 enum output_format format, FILE *to, struct fault *fault)
{
	bool all_of_it = !choice->excluded && !choice->host;
	char file[PATHS_MAX + 16];
	struct exclusion exclusion;
	struct host_runs all;
	int error = 0;

	if (choice->excluded &&
	    exclude_parse(&exclusion, choice->excluded, fault) != 0)
		return -1;
	if (host_runs_load(&all, path, choice->host, fault) != 0)
		return -1;
	for (size_t i = 0; i < all.count; i++) {
		if (choice->excluded)
			exclude_apply(&exclusion, &all.runs[i]);
		bounds_find(&all.runs[i].groups);
	}
	write_report(&all, choice->excluded ? &exclusion : NULL, format, to);
	if (all.runs[0].json && all_of_it) {
		snprintf(file, sizeof(file), "%.4080s/report.txt", path);
		error = write_file(&all, file);
		/* Everybody can read a run that belongs to somebody else. */
		if (error == -EACCES || error == -EROFS)
			error = 0;
	}
	if (error)
		fault_set(fault, EXIT_OUTPUT,
			  "cannot write %.900s: %s; %s, then run the command "
			  "again",
			  file, strerror(-error), fault_remedy(-error));
	host_runs_free(&all);
	return error ? -1 : 0;
}
