/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench export: prints the observations of a run in the format of benchstat
 * or compare.py. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "export.h"
#include "metrics.h"
#include "options.h"
#include "results.h"
#include "text.h"

enum {
	KEY_TO = 0x1000,
	KEY_METRIC,
};

struct request {
	struct options_input input;
	struct export_request export;
};

static error_t parse_to(struct request *request, const char *value)
{
	static const char *const names[] = { "go", "google" };
	const char *nearest = text_nearest(value, names, 2);

	if (strcmp(value, "go") == 0) {
		request->export.format = &export_go;
		return 0;
	}
	if (strcmp(value, "google") == 0) {
		request->export.format = &export_google;
		return 0;
	}
	fault_set(request->input.fault, EXIT_USAGE,
		  "unknown format \"%.60s\"%s%s; write --to go or --to google",
		  value, nearest ? ", did you mean " : "",
		  nearest ? nearest : "");
	return EINVAL;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case KEY_TO:
		return parse_to(request, value);
	case KEY_METRIC:
		request->export.metric = metric_find(value,
						     request->input.fault);
		return request->export.metric < 0 ? EINVAL : 0;
	case ARGP_KEY_ARG:
		request->export.path = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check(const struct export_request *request, struct fault *fault)
{
	const struct column *columns = results_schema.columns;

	if (!request->format)
		return fault_set(fault, EXIT_USAGE,
				 "export needs a format; write --to go for "
				 "benchstat, or --to google for compare.py");
	if (request->format == &export_google && request->metric >= 0 &&
	    strcmp(columns[request->metric].unit, "ns") != 0)
		return fault_set(fault, EXIT_USAGE,
				 "--metric %s is not a time, but compare.py "
				 "compares only times; write --to go, or "
				 "choose a metric in ns such as cpu_ns",
				 columns[request->metric].name);
	return 0;
}

static void print_left_out(const struct export_counts *counts)
{
	char text[128];

	export_format_counts(counts, text, sizeof(text));
	if (*text)
		fprintf(stderr, "ringbench: skipped, of %zu rows: %s\n",
			counts->rows + counts->torn, text);
}

/* Both tools treat all samples of a name as independent. */
static void print_warning(const struct export_request *request)
{
	const char *tool = request->format == &export_go ? "benchstat"
							 : "compare.py";

	fprintf(stderr,
		"ringbench: %s does not compare in pairs, so drift between "
		"sessions looks like a change; for verdicts use `ringbench ab` "
		"and `ringbench compare`\n",
		tool);
}

int command_export(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "to", KEY_TO, "go|google", 0,
		  "output format: go is Go's benchmark format, google is "
		  "google-benchmark's JSON",
		  0 },
		{ "metric", KEY_METRIC, "COLUMN", 0,
		  "export this column instead of the time per message", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[RUN]",
		"Prints every verified observation of RUN (results/latest) in "
		"the format of benchstat or of google-benchmark's compare.py. "
		"Observations are not averaged.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = {
		.input = { fault },
		.export = { "results/latest", NULL, -1 },
	};
	struct export_counts counts;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0 ||
	    check(&request.export, fault) != 0 ||
	    export_write(&request.export, stdout, &counts, fault) != 0)
		return -1;
	if (fflush(stdout) == 0)
		print_warning(&request.export);
	print_left_out(&counts);
	return 0;
}
