/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench compare: two runs, or two values of a factor within one, with a
 * verdict for each cell. docs/comparing.md says how it is found.
 */
#include <errno.h>

#include "commands.h"
#include "judging.h"
#include "metrics.h"

enum {
	OPTION_BY = 0x5000,
	OPTION_BASE,
};

struct request {
	struct judging judging;
	const char *sides[2];
	int count;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;
	struct comparison_options *options = &request->judging.options;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->judging;
		return 0;
	case ARGP_KEY_ARG:
		request->sides[request->count++] = value;
		return 0;
	case OPTION_BY:
		options->factor = factor_find(value,
					      request->judging.input.fault);
		return options->factor < 0 ? EINVAL : 0;
	case OPTION_BASE:
		options->base = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check(const struct request *request, struct fault *fault)
{
	bool by = request->judging.options.factor >= 0;

	if (by != (request->judging.options.base != NULL))
		return fault_set(fault, EXIT_USAGE,
				 "--by and --base belong together; say --by "
				 "backend --base mutex");
	if (by && request->count != 1)
		return fault_set(fault, EXIT_USAGE,
				 "with --by, compare needs one run; say "
				 "ringbench compare RUN --by FACTOR --base "
				 "VALUE");
	if (!by && request->count != 2)
		return fault_set(fault, EXIT_USAGE,
				 "compare needs two runs; say ringbench "
				 "compare BASE NEW, or compare RUN --by "
				 "FACTOR --base VALUE");
	return 0;
}

int command_compare(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "by", OPTION_BY, "FACTOR", 0,
		  "compare within one run: cells that differ in this only", 1 },
		{ "base", OPTION_BASE, "VALUE", 0,
		  "with --by: against this value", 1 },
		{ NULL, 0, NULL, 0, NULL, 0 },
	};
	static const struct argp_child children[] = {
		{ &judging_argp, 0, NULL, 0 },
		{ NULL, 0, NULL, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"BASE NEW\nRUN --by FACTOR --base VALUE",
		"Compares two sides, cell by cell. A side is a run's folder or "
		"its results.csv, or several of them joined by commas.\vA "
		"verdict needs sides that share rounds (ab, aa, --by), or "
		"sessions of both sides that alternate in time. Without them "
		"compare shows ratios, and names the command that gives "
		"verdicts.",
		children,
		NULL,
		NULL,
	};
	struct request request = { .count = 0 };

	*exit_code = EXIT_FINE;
	judging_init(&request.judging, fault);
	if (options_parse(&argp, argc, argv, 2, &request.judging.input) != 0 ||
	    check(&request, fault) != 0)
		return -1;
	return judging_compare(&request.judging, request.sides[0],
			       request.count > 1 ? request.sides[1] : NULL,
			       exit_code);
}
