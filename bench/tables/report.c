/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exclude.h"
#include "findings.h"
#include "host.h"
#include "readings.h"
#include "report.h"
#include "bound.h"
#include "run.h"
#include "table.h"

static void print_head(const struct run *run, FILE *to)
{
	fprintf(to,
		"ringbench %s, plan %s, %" PRId64 " rounds, %zu cells\n%s, "
		"Linux %s\n",
		run_fact(run, "program.revision"), run_fact(run, "plan.name"),
		run_rounds(run), run->groups.count,
		run_fact(run, "host.caption"),
		run_fact(run, "host.kernel.release"));
}

int report_write(const char *path, const char *excluded, FILE *to,
		 struct fault *fault)
{
	char file[PATHS_MAX + 16], *text = NULL;
	struct exclusion exclusion;
	struct run run;
	size_t size = 0;
	FILE *memory;
	int error = 0;

	if (excluded && exclude_parse(&exclusion, excluded, fault) != 0)
		return -1;
	if (run_load(&run, path, fault) != 0)
		return -1;
	memory = open_memstream(&text, &size);
	if (!memory)
		abort();
	if (excluded)
		exclude_apply(&exclusion, &run);
	bounds_find(&run.groups);
	print_head(&run, memory);
	if (excluded)
		exclude_print(&exclusion, memory);
	table_print(&run, memory);
	readings_print(&run, memory);
	findings_print(&run, memory);
	fclose(memory);
	fputs(text, to);
	if (run.json && !excluded) {
		snprintf(file, sizeof(file), "%.4080s/report.txt", path);
		error = paths_write_file(file, text);
	}
	if (error)
		fault_set(fault, EXIT_OUTPUT,
			  "cannot write %.900s: %s; free some space, then run "
			  "the command again",
			  file, strerror(-error));
	free(text);
	run_free(&run);
	return error ? -1 : 0;
}
