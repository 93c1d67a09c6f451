/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench report: prints the tables and findings of a run. */
#include <stdio.h>

#include "commands.h"
#include "options.h"
#include "report.h"

enum {
	KEY_EXCLUDE_FLAG = 0x1000,
};

struct request {
	struct options_input input;
	struct format_choice format;
	const char *excluded;
	const char *run;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		request->format.input = request->input;
		state->child_inputs[0] = &request->format;
		return 0;
	case KEY_EXCLUDE_FLAG:
		request->excluded = value;
		return 0;
	case ARGP_KEY_ARG:
		request->run = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int command_report(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "exclude-flag", KEY_EXCLUDE_FLAG, "NAME[,NAME...]", 0,
		  "exclude rows and cells with these flags", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp_child children[] = {
		{ &format_argp, 0, NULL, 0 },
		{ NULL, 0, NULL, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[RUN]",
		"Prints the tables and findings of RUN (results/latest).",
		children,
		NULL,
		NULL,
	};
	struct request request = { .input = { fault },
				   .run = "results/latest" };

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0)
		return -1;
	return report_write(request.run, request.excluded,
			    request.format.format, stdout, fault);
}
