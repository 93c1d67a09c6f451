/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench compare: compares two runs, or two values of a factor within one
 * run, and prints a verdict for each cell. docs/methodology.md describes the
 * statistics.
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
		return fault_set(
			fault, EXIT_USAGE,
			"--by and --base must be used together; write, for "
			"example, --by backend --base mutex");
	if (by && request->count != 1)
		return fault_set(
			fault, EXIT_USAGE,
			"with --by, compare needs one run; write ringbench "
			"compare RUN --by FACTOR --base VALUE");
	if (!by && request->count != 2)
		return fault_set(fault, EXIT_USAGE,
				 "compare needs two runs; write ringbench "
				 "compare BASE NEW, or ringbench compare RUN "
				 "--by FACTOR --base VALUE");
	return 0;
}

int command_compare(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "by", OPTION_BY, "FACTOR", 0,
		  "compare cells of one run that differ only in this factor",
		  1 },
		{ "base", OPTION_BASE, "VALUE", 0,
		  "with --by: the value of the factor that is the baseline",
		  1 },
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
		"Compares a baseline (BASE) and a candidate (NEW), cell by "
		"cell. BASE and NEW are folders of runs or files "
		"results.csv; join several with commas.\vA verdict needs a "
		"baseline and a candidate that were measured in the same "
		"rounds (ab, aa, --by), or in sessions that alternate in "
		"time. Otherwise compare prints ratios only, and the command "
		"that gives verdicts.",
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
