/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench compare: two runs, or two values of a factor within one, with a
 * verdict for each cell. docs/methodology.md says how it is found.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell_flags.h"
#include "commands.h"
#include "metrics.h"
#include "options.h"
#include "print.h"

enum {
	OPTION_METRIC = 256,
	OPTION_THRESHOLD,
	OPTION_ALPHA,
	OPTION_ADJUST,
	OPTION_TEST,
	OPTION_FAIL_ON,
	OPTION_BY,
	OPTION_BASE,
	OPTION_EXCLUDE_FLAG,
	OPTION_JSON,
	OPTION_MARKDOWN,
	OPTION_CSV,
};

typedef void comparison_printer(const struct comparison *comparison, FILE *to);

struct request {
	struct options_input input;
	const char *sides[2];
	int count;
	struct comparison_options options;
	const char *fail_on; /* NULL: never */
	comparison_printer *print;
};

/* Flags of rows; those of cells are known when it is too late. */
static error_t check_flag(struct request *request, const char *name)
{
	for (const struct flag *flag = known_flags; flag->name; flag++)
		if (!flag->of_cell && strcmp(flag->name, name) == 0)
			return 0;
	fault_set(request->input.fault, EXIT_USAGE,
		  "no observation can have the flag \"%.60s\"; see the flags "
		  "below a report's tables",
		  name);
	return EINVAL;
}

static int choose(struct request *request, const char *option,
		  const char *value, const char *one, const char *other)
{
	if (strcmp(value, one) == 0)
		return 0;
	if (strcmp(value, other) == 0)
		return 1;
	fault_set(request->input.fault, EXIT_USAGE,
		  "--%s cannot be \"%.60s\"; say %s or %s", option, value, one,
		  other);
	return -1;
}

/* 3% and 0.03 are the same; above 0 and below `most`. */
static error_t parse_share(struct request *request, const char *option,
			   const char *value, double most, double *share)
{
	char *end;

	errno = 0;
	*share = strtod(value, &end);
	if (*end == '%') {
		*share /= 100;
		end++;
	}
	if (!errno && !*end && end > value && *share > 0 && *share < most)
		return 0;
	fault_set(request->input.fault, EXIT_USAGE,
		  "--%s cannot be \"%.60s\"; say a share such as 3%% or 0.03, "
		  "above 0 and below %g%%",
		  option, value, 100 * most);
	return EINVAL;
}

static error_t parse_format(struct request *request, comparison_printer *print)
{
	if (request->print != comparison_print_text) {
		fault_set(request->input.fault, EXIT_USAGE,
			  "--json, --markdown and --csv exclude each other; "
			  "choose one");
		return EINVAL;
	}
	request->print = print;
	return 0;
}

static error_t parse_choice(int key, const char *value, struct request *request)
{
	int choice;

	switch (key) {
	case OPTION_ADJUST:
		choice = choose(request, "adjust", value, "holm", "none");
		request->options.adjust = choice == 0;
		break;
	case OPTION_TEST:
		choice = choose(request, "test", value, "signed-rank", "sign");
		request->options.sign = choice == 1;
		break;
	default:
		choice = choose(request, "fail-on", value, "slower",
				"inconclusive");
		request->fail_on = value;
	}
	return choice < 0 ? EINVAL : 0;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;
	struct fault *fault = request->input.fault;

	switch (key) {
	case ARGP_KEY_ARG:
		request->sides[request->count++] = value;
		return 0;
	case OPTION_METRIC:
		request->options.metric = metric_find(value, fault);
		return request->options.metric < 0 ? EINVAL : 0;
	case OPTION_BY:
		request->options.factor = factor_find(value, fault);
		return request->options.factor < 0 ? EINVAL : 0;
	case OPTION_BASE:
		request->options.base = value;
		return 0;
	case OPTION_EXCLUDE_FLAG:
		request->options.exclude_flag = value;
		return check_flag(request, value);
	case OPTION_THRESHOLD:
		return parse_share(request, "threshold", value, 10,
				   &request->options.threshold);
	case OPTION_ALPHA:
		return parse_share(request, "alpha", value, 0.5,
				   &request->options.alpha);
	case OPTION_ADJUST:
	case OPTION_TEST:
	case OPTION_FAIL_ON:
		return parse_choice(key, value, request);
	case OPTION_JSON:
		return parse_format(request, comparison_print_json);
	case OPTION_MARKDOWN:
		return parse_format(request, comparison_print_markdown);
	case OPTION_CSV:
		return parse_format(request, comparison_print_csv);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check(const struct request *request, struct fault *fault)
{
	bool by = request->options.factor >= 0;

	if (by != (request->options.base != NULL))
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

static int compare(const struct request *request, struct dataset *set,
		   struct comparison *comparison, struct fault *fault)
{
	if (dataset_add_list(set, SIDE_BASE, request->sides[0], fault) != 0)
		return -1;
	if (request->count > 1 &&
	    dataset_add_list(set, SIDE_NEW, request->sides[1], fault) != 0)
		return -1;
	if (comparison_make(comparison, set, &request->options, fault) != 0)
		return -1;
	if (comparison->count > 0)
		return 0;
	return fault_set(fault, EXIT_DATA,
			 request->count > 1
				 ? "%.400s and %.400s have no verified cell in "
				   "common; were they made by the same plan?"
				 : "%.400s has nothing to compare%s; choose "
				   "another --by",
			 request->sides[0],
			 request->count > 1 ? request->sides[1] : "");
}

/* What --fail-on inconclusive passes is known to be no slower. */
static enum exit_code judge(const struct request *request,
			    const struct comparison *comparison)
{
	const size_t *verdicts = comparison->verdicts;

	if (!request->fail_on)
		return EXIT_FINE;
	if (verdicts[OUTCOME_SLOWER])
		return EXIT_REGRESSION;
	if (strcmp(request->fail_on, "inconclusive") == 0 &&
	    (verdicts[OUTCOME_INCONCLUSIVE] || verdicts[OUTCOME_UNVERIFIED] ||
	     verdicts[OUTCOME_DESCRIPTIVE]))
		return EXIT_REGRESSION;
	return EXIT_FINE;
}

static const struct argp_option options[] = {
	{ "metric", OPTION_METRIC, "COLUMN", 0,
	  "what is compared (throughput_msg_per_s)", 0 },
	{ "threshold", OPTION_THRESHOLD, "SHARE", 0,
	  "smaller differences do not matter (3%)", 0 },
	{ "alpha", OPTION_ALPHA, "SHARE", 0,
	  "chance of one false verdict or more in the table (5%)", 0 },
	{ "adjust", OPTION_ADJUST, "holm|none", 0,
	  "for the number of rows (holm)", 0 },
	{ "test", OPTION_TEST, "signed-rank|sign", 0, "for pairs (signed-rank)",
	  0 },
	{ "by", OPTION_BY, "FACTOR", 0,
	  "compare within one run: cells that differ in this only", 0 },
	{ "base", OPTION_BASE, "VALUE", 0, "with --by: against this value", 0 },
	{ "exclude-flag", OPTION_EXCLUDE_FLAG, "FLAG", 0,
	  "leave out observations with this flag, and say so", 0 },
	{ "fail-on", OPTION_FAIL_ON, "slower|inconclusive", 0,
	  "exit with 1 when a cell is slower, or is not known to be as fast",
	  0 },
	{ "json", OPTION_JSON, NULL, 0, "all figures as JSON", 0 },
	{ "markdown", OPTION_MARKDOWN, NULL, 0, "the table as Markdown", 0 },
	{ "csv", OPTION_CSV, NULL, 0, "all rows as CSV", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

int command_compare(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault)
{
	static const struct argp argp = {
		options,
		parse,
		"BASE NEW\nRUN --by FACTOR --base VALUE",
		"Compares two sides, cell by cell, and gives verdicts. A side "
		"is a run's folder or its results.csv, or several of them "
		"joined by commas.\vFrom the data it chooses: pairs, where "
		"sides share sessions and rounds; session medians, where there "
		"are enough; else the noise that earlier runs beside NEW have "
		"shown.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = {
		.input = { fault },
		.options = { .metric = COLUMN_throughput_msg_per_s,
			     .threshold = 0.03,
			     .alpha = 0.05,
			     .adjust = true,
			     .factor = -1 },
		.print = comparison_print_text,
	};
	struct comparison comparison = { .rows = NULL };
	struct dataset set;
	int error;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 2, &request.input) != 0 ||
	    check(&request, fault) != 0)
		return -1;
	dataset_init(&set, request.options.metric,
		     request.options.exclude_flag);
	error = compare(&request, &set, &comparison, fault);
	if (!error) {
		request.print(&comparison, stdout);
		*exit_code = judge(&request, &comparison);
	}
	comparison_free(&comparison);
	dataset_free(&set);
	return error;
}
