/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench export: prints the observations of a run in the format of another
 * program. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "distribution.h"
#include "export.h"
#include "metrics.h"
#include "options.h"
#include "results.h"

enum {
	KEY_TO = 0x1000,
	KEY_METRIC,
	KEY_CELL,
	KEY_HOST,
};

struct request {
	struct options_input input;
	struct export_request export;
};

/* A numeric metric, or a column with histograms. */
static int find_metric(const char *name, struct fault *fault)
{
	int column = schema_find(&results_schema, name);

	return column >= 0 && distribution_is_column(column)
		       ? column
		       : metric_find(name, fault);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case KEY_TO:
		request->export.format = export_find(value,
						     request->input.fault);
		return request->export.format ? 0 : EINVAL;
	case KEY_METRIC:
		request->export.metric = find_metric(value,
						     request->input.fault);
		return request->export.metric < 0 ? EINVAL : 0;
	case KEY_CELL:
		request->export.cell = value;
		return 0;
	case KEY_HOST:
		request->export.host = value;
		return 0;
	case ARGP_KEY_ARG:
		request->export.path = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check(const struct export_request *request, struct fault *fault)
{
	if (request->format)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "export needs a format; write --to go for benchstat, "
			 "--to google for compare.py, --to hyperfine, or --to "
			 "hdr");
}

static void print_left_out(const struct export_counts *counts)
{
	char text[128];

	export_format_counts(counts, text, sizeof(text));
	if (*text)
		fprintf(stderr, "ringbench: skipped, of %zu rows: %s\n",
			counts->rows + counts->torn, text);
}

/* These programs treat all samples of a name as independent. */
static void print_warning(const struct export_request *request)
{
	fprintf(stderr,
		"ringbench: %s does not compare in pairs, so drift between "
		"sessions looks like a change; for verdicts use `ringbench ab` "
		"and `ringbench compare`\n",
		export_reader(request->format));
}

int command_export(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "to", KEY_TO, "FORMAT", 0,
		  "output format: go (Go's benchmark format), google (the JSON "
		  "of google-benchmark), hyperfine (the JSON of hyperfine) or "
		  "hdr (HdrHistogram's list of percentiles)",
		  0 },
		{ "cell", KEY_CELL, "CELL", 0,
		  "export only these cells: \"mutex poll queues=2\"", 0 },
		HOST_OPTION(KEY_HOST),
		{ "metric", KEY_METRIC, "COLUMN", 0,
		  "column to export (the time per message)", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[RUN]",
		"Prints every verified observation of RUN (results/latest) in "
		"the format of another program. Observations are not averaged.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = {
		.input = { fault },
		.export = { .path = "results/latest", .metric = -1 },
	};
	struct export_counts counts;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0 ||
	    check(&request.export, fault) != 0 ||
	    export_write(&request.export, stdout, &counts, fault) != 0)
		return -1;
	if (fflush(stdout) == 0 && export_reader(request.export.format))
		print_warning(&request.export);
	print_left_out(&counts);
	return 0;
}
