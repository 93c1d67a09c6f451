/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell_flags.h"
#include "judging.h"
#include "metrics.h"

enum {
	OPTION_METRIC = 0x4000,
	OPTION_THRESHOLD,
	OPTION_ALPHA,
	OPTION_ADJUST,
	OPTION_TEST,
	OPTION_FAIL_ON,
	OPTION_EXCLUDE_FLAG,
	OPTION_JSON,
	OPTION_MARKDOWN,
	OPTION_CSV,
};

void judging_init(struct judging *judging, struct fault *fault)
{
	*judging = (struct judging){
		.input = { fault },
		.options = { .metric = METRIC_OBJECTIVE,
			     .threshold = 0.03,
			     .alpha = 0.05,
			     .adjust = true,
			     .factor = -1 },
		.print = comparison_print_text,
	};
}

/* Accepts only flags of rows. Flags of cells follow from all rows of a cell, so
 * single observations cannot have them. */
static error_t check_flag(struct judging *judging, const char *name)
{
	for (const struct flag *flag = known_flags; flag->name; flag++)
		if (!flag->of_cell && strcmp(flag->name, name) == 0)
			return 0;
	fault_set(judging->input.fault, EXIT_USAGE,
		  "unknown flag of an observation \"%.60s\"; "
		  "docs/methodology.md lists the flags",
		  name);
	return EINVAL;
}

static int choose(struct judging *judging, const char *option,
		  const char *value, const char *one, const char *other)
{
	if (strcmp(value, one) == 0)
		return 0;
	if (strcmp(value, other) == 0)
		return 1;
	fault_set(judging->input.fault, EXIT_USAGE,
		  "--%s: unknown value \"%.60s\"; write %s or %s", option,
		  value, one, other);
	return -1;
}

/* Accepts 3% or 0.03. The value must be greater than 0 and less than `most`. */
static error_t parse_share(struct judging *judging, const char *option,
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
	fault_set(judging->input.fault, EXIT_USAGE,
		  "--%s: cannot use the value \"%.60s\"; write a share such as "
		  "3%% or 0.03, greater than 0 and less than %g%%",
		  option, value, 100 * most);
	return EINVAL;
}

static error_t parse_format(struct judging *judging, comparison_printer *print)
{
	if (judging->print != comparison_print_text) {
		fault_set(judging->input.fault, EXIT_USAGE,
			  "--json, --markdown and --csv cannot be combined; "
			  "choose one of them");
		return EINVAL;
	}
	judging->print = print;
	return 0;
}

static error_t parse_choice(int key, const char *value, struct judging *judging)
{
	int choice;

	switch (key) {
	case OPTION_ADJUST:
		choice = choose(judging, "adjust", value, "holm", "none");
		judging->options.adjust = choice == 0;
		break;
	case OPTION_TEST:
		choice = choose(judging, "test", value, "signed-rank", "sign");
		judging->options.sign = choice == 1;
		break;
	default:
		choice = choose(judging, "fail-on", value, "slower",
				"inconclusive");
		judging->fail_on = value;
	}
	return choice < 0 ? EINVAL : 0;
}

/* Refuses --fail-on for a metric for which neither direction is better: no
 * change of it is a regression. */
static error_t check_fail_on(const struct judging *judging)
{
	int metric = judging->options.metric;

	if (!judging->fail_on || metric == METRIC_OBJECTIVE ||
	    metric_better(metric) != BETTER_NEITHER)
		return 0;
	fault_set(judging->input.fault, EXIT_USAGE,
		  "--fail-on %s: no direction of the metric %s is better, so "
		  "no change is a regression; choose another --metric, or "
		  "remove --fail-on",
		  judging->fail_on, results_schema.columns[metric].name);
	return EINVAL;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct judging *judging = state->input;
	struct fault *fault = judging->input.fault;

	switch (key) {
	case OPTION_METRIC:
		judging->options.metric = metric_find(value, fault);
		return judging->options.metric < 0 ? EINVAL : 0;
	case OPTION_EXCLUDE_FLAG:
		judging->options.exclude_flag = value;
		return check_flag(judging, value);
	case OPTION_THRESHOLD:
		return parse_share(judging, "threshold", value, 10,
				   &judging->options.threshold);
	case OPTION_ALPHA:
		return parse_share(judging, "alpha", value, 0.5,
				   &judging->options.alpha);
	case OPTION_ADJUST:
	case OPTION_TEST:
	case OPTION_FAIL_ON:
		return parse_choice(key, value, judging);
	case OPTION_JSON:
		return parse_format(judging, comparison_print_json);
	case OPTION_MARKDOWN:
		return parse_format(judging, comparison_print_markdown);
	case OPTION_CSV:
		return parse_format(judging, comparison_print_csv);
	case ARGP_KEY_SUCCESS:
		return check_fail_on(judging);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "metric", OPTION_METRIC, "COLUMN", 0,
	  "column to compare; sums are divided by the number of messages "
	  "(the objective of each cell, such as throughput_msg_per_s)",
	  2 },
	{ "threshold", OPTION_THRESHOLD, "SHARE", 0,
	  "smallest relevant difference; the verdict \"same\" means that the "
	  "difference is smaller (3%)",
	  2 },
	{ "alpha", OPTION_ALPHA, "SHARE", 0,
	  "family-wise error rate of the table (5%)", 2 },
	{ "adjust", OPTION_ADJUST, "holm|none", 0,
	  "correction for multiple comparisons (holm)", 2 },
	{ "test", OPTION_TEST, "signed-rank|sign", 0,
	  "statistical test of the paired observations (signed-rank)", 2 },
	{ "exclude-flag", OPTION_EXCLUDE_FLAG, "FLAG", 0,
	  "exclude observations with this flag; the output states how many",
	  2 },
	{ "fail-on", OPTION_FAIL_ON, "slower|inconclusive", 0,
	  "exit with code 1 if a cell is slower; with inconclusive, also if a "
	  "cell may be slower",
	  2 },
	{ "json", OPTION_JSON, NULL, 0, "print all numbers as JSON", 2 },
	{ "markdown", OPTION_MARKDOWN, NULL, 0, "print the table as Markdown",
	  2 },
	{ "csv", OPTION_CSV, NULL, 0, "print all rows as CSV", 2 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

const struct argp judging_argp = {
	options, parse, NULL, NULL, NULL, NULL, NULL
};

static bool one_side_is_merged(const struct dataset *set)
{
	bool merged[SIDES] = { false, false };

	for (uint32_t i = 0; i < dataset_cells(set); i++)
		for (int s = 0; s < SIDES; s++)
			merged[s] |= set->cells[i].on[s].count > 0 &&
				     record_has(&set->cells[i].factors,
						COLUMN_host);
	return merged[SIDE_BASELINE] != merged[SIDE_CANDIDATE];
}

static int compare(const struct judging *judging, const char *base,
		   const char *new, struct dataset *set,
		   struct comparison *comparison)
{
	struct fault *fault = judging->input.fault;

	if (dataset_add_list(set, SIDE_BASELINE, base, fault) != 0)
		return -1;
	if (new &&dataset_add_list(set, SIDE_CANDIDATE, new, fault) != 0)
		return -1;
	if (comparison_make(comparison, set, &judging->options, fault) != 0)
		return -1;
	if (comparison->count > 0)
		return 0;
	if (new &&one_side_is_merged(set))
		return fault_set(fault, EXIT_USAGE,
				 "cannot compare %.400s with %.400s: only one "
				 "of them is a merged run; compare the runs of "
				 "one host, or merge them and use --by host",
				 base, new);
	return fault_set(
		fault, EXIT_DATA,
		new ? "cannot compare %.400s with %.400s: no cell has "
		      "verified observations in both; compare two runs of "
		      "one plan"
		    : "cannot compare within %.400s%s: no two verified cells "
		      "differ only in the factor of --by; choose another --by",
		base, new ? new : "");
}

/* --fail-on inconclusive accepts only cells whose verdict excludes "slower". */
static int judge(const struct judging *judging,
		 const struct comparison *comparison, enum exit_code *exit_code)
{
	const size_t *verdicts = comparison->verdicts;

	*exit_code = EXIT_FINE;
	if (!judging->fail_on)
		return 0;
	/* If --fail-on cannot fail, reports an error, so that the missing
	 * failure does not look like a passed check. */
	if (!comparison_can_judge(comparison))
		return fault_set(judging->input.fault, EXIT_DATA,
				 "--fail-on %s: no row has a verdict; the "
				 "first lines of the table name the reason "
				 "and the command that measures enough rounds",
				 judging->fail_on);
	if (verdicts[OUTCOME_SLOWER] ||
	    (strcmp(judging->fail_on, "inconclusive") == 0 &&
	     (verdicts[OUTCOME_INCONCLUSIVE] || verdicts[OUTCOME_NONE])))
		*exit_code = EXIT_REGRESSION;
	return 0;
}

int judging_compare(const struct judging *judging, const char *base,
		    const char *new, enum exit_code *exit_code)
{
	struct comparison comparison = { .rows = NULL };
	struct dataset set;
	int error;

	dataset_init(&set, judging->options.metric,
		     judging->options.exclude_flag);
	error = compare(judging, base, new, &set, &comparison);
	if (!error) {
		judging->print(&comparison, stdout);
		error = judge(judging, &comparison, exit_code);
	}
	comparison_free(&comparison);
	dataset_free(&set);
	return error;
}
