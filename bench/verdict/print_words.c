/* SPDX-License-Identifier: BSD-2-Clause */
/* The text above and below the rows of a comparison. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "facts.h"
#include "judge.h"
#include "metrics.h"
#include "names.h"
#include "print.h"
#include "text.h"

enum {
	LINE_MAX_BYTES = 1200,
	UNMATCHED_NAMED = 8, /* largest number of named cells that only one side
				measured */
};

void print_wrapped(const char *text, FILE *to)
{
	text_wrap(text, 0, to);
}

const char *comparison_test_name(const struct comparison *comparison)
{
	switch (comparison->mode) {
	case MODE_PAIRED:
		return comparison->options->sign ? "sign test"
						 : "signed-rank test";
	case MODE_SESSIONS:
		return "Mann-Whitney test of session medians";
	default:
		return "none";
	}
}

static const char *unit_of_mode(const struct comparison *comparison)
{
	return comparison->mode == MODE_SESSIONS ? "sessions" : "rounds";
}

static bool is_one_build(const struct dataset *set)
{
	for (size_t i = 1; i < set->origin_count; i++)
		if (strcmp(set->origins[i].build, set->origins[0].build) != 0)
			return false;
	return true;
}

void print_command(const struct comparison *comparison, size_t rounds, FILE *to)
{
	char base[FACT_MAX], new[FACT_MAX], cells[FACT_MAX];
	char with[48] = "";

	if (rounds)
		snprintf(with, sizeof(with), " --rounds %zu", rounds);
	facts_revision(comparison->set, SIDE_BASELINE, base);
	facts_cells(comparison->set, SIDE_BASELINE, cells);
	if (comparison->options->factor >= 0) {
		fprintf(to, "    ringbench run %s%s\n", cells, with);
		return;
	}
	if (is_one_build(comparison->set)) {
		fprintf(to, "    ringbench aa %s%s\n", cells, with);
		return;
	}
	facts_revision(comparison->set, SIDE_CANDIDATE, new);
	fprintf(to, "    ringbench ab %.60s%s%.60s %s%s\n", base,
		*new ? " " : "", new, cells, with);
}

static void describe_verdicts(const struct comparison *comparison,
			      char text[LINE_MAX_BYTES])
{
	const char *side = comparison->options->factor >= 0
				   ? "All cells were measured"
				   : "Both sides were measured";
	size_t judged = comparison->family -
			comparison->verdicts[OUTCOME_INCONCLUSIVE];

	if (comparison->family == 0)
		snprintf(text, LINE_MAX_BYTES,
			 "No verdict: no row allows a test. The reasons are "
			 "listed below the table.");
	else if (!comparison_can_judge(comparison))
		snprintf(text, LINE_MAX_BYTES,
			 "No verdict: %zu rounds are too few to show any "
			 "difference in %zu row%s. Measure at least %zu "
			 "rounds:",
			 comparison->most, comparison->family,
			 comparison->family == 1 ? "" : "s",
			 comparison->needed);
	else
		snprintf(text, LINE_MAX_BYTES,
			 "%s %s, so verdicts are possible: %zu of %zu row%s "
			 "ha%s a verdict.",
			 side,
			 comparison->mode == MODE_PAIRED
				 ? "in the same rounds"
				 : "in alternating sessions",
			 judged, comparison->family,
			 comparison->family == 1 ? "" : "s",
			 comparison->family == 1 ? "s" : "ve");
}

/* Prints whether verdicts are possible. If not, prints the reason and a command
 * that measures what is missing. */
static void print_headline(const struct comparison *comparison, FILE *to)
{
	char text[LINE_MAX_BYTES];
	bool command = true;

	switch (comparison->obstacle) {
	case OBSTACLE_HOSTS:
		command = comparison->options->factor < 0;
		if (!command) {
			snprintf(
				text, sizeof(text),
				"No verdict: the hosts are different machines. "
				"The ratios describe the machines.");
			break;
		}
		snprintf(text, sizeof(text),
			 "No verdict: baseline and candidate were measured on "
			 "different machines, which can cause the difference. "
			 "Measure both revisions on one machine:");
		break;
	case OBSTACLE_ORDER:
		snprintf(text, sizeof(text),
			 "No verdict: the candidate was not measured in "
			 "alternation with the baseline, so drift of the "
			 "machine can cause the difference. Measure both "
			 "revisions in the same rounds:");
		break;
	case OBSTACLE_SAME:
		snprintf(text, sizeof(text),
			 "No verdict: baseline and candidate share a session "
			 "but no round. Measure both revisions in the same "
			 "rounds:");
		break;
	case OBSTACLE_SESSIONS:
		snprintf(text, sizeof(text),
			 "No verdict: the sessions of baseline and candidate "
			 "alternate, but %zu and %zu sessions are too few for "
			 "%zu row%s. Measure %zu sessions of each, or measure "
			 "both revisions in the same rounds:",
			 dataset_sessions(comparison->set, SIDE_BASELINE),
			 dataset_sessions(comparison->set, SIDE_CANDIDATE),
			 comparison->family, comparison->family == 1 ? "" : "s",
			 comparison->needed);
		break;
	default:
		describe_verdicts(comparison, text);
		command = comparison->family &&
			  !comparison_can_judge(comparison);
		break;
	}
	print_wrapped(text, to);
	if (command)
		print_command(comparison,
			      comparison->mode == MODE_PAIRED
				      ? comparison->needed
				      : 0,
			      to);
}

static void print_side(const struct comparison *comparison, const char *what,
		       enum side_name name, FILE *to)
{
	const struct side *side = &comparison->set->sides[name];
	size_t sessions = dataset_sessions(comparison->set, name);
	int64_t rounds = dataset_rounds(comparison->set, name);

	char text[LINE_MAX_BYTES], runs[48] = "";

	if (side->runs > 1)
		snprintf(runs, sizeof(runs), "%zu runs, ", side->runs);
	snprintf(text, sizeof(text),
		 "%.900s (%s%zu session%s, %" PRId64 " round%s)", side->name,
		 runs, sessions, sessions == 1 ? "" : "s", rounds,
		 rounds == 1 ? "" : "s");
	text_wrap(text, (size_t)fprintf(to, "%-10s ", what), to);
}

static void print_facts(const struct comparison *comparison, FILE *to)
{
	static struct fact facts[FACTS_MAX];
	const struct dataset *set = comparison->set;
	size_t count = facts_that_differ(set, facts);

	for (size_t i = 0; i < count; i++) {
		text_wrap(*facts[i].base ? facts[i].base : "?",
			  (size_t)fprintf(to, "differs: %-12.12s ",
					  facts[i].name),
			  to);
		text_wrap(*facts[i].new ? facts[i].new : "?",
			  (size_t)fprintf(to, "%21s ", "->"), to);
	}
	if (!set->sides[SIDE_BASELINE].with_facts ||
	    !set->sides[SIDE_CANDIDATE].with_facts)
		print_wrapped("a side has no run.json, so compiler, libraries "
			      "and plan are unknown",
			      to);
	else if (count == 0)
		fprintf(to, "same machine, build and plan\n");
}

static void print_distances(const struct comparison *comparison, FILE *to)
{
	const struct distances *distances = &comparison->set->distances;
	char text[LINE_MAX_BYTES + DISTANCE_TEXT_MAX];
	char known[DISTANCE_TEXT_MAX];

	distances_describe(distances, known);
	if (!*known)
		return;
	snprintf(text, sizeof(text), "core distance: %s%s", known,
		 distances_differ(distances) &&
				 comparison->options->factor != COLUMN_host
			 ? ". Only observations at the same distance are "
			   "compared."
			 : "");
	print_wrapped(text, to);
}

/* "; metric: latency_p50_ns, lower is better", for each metric once. */
static void print_metrics(const struct comparison *comparison, FILE *to)
{
	static const char *const directions[] = {
		[BETTER_NEITHER] = "neither direction is better",
		[BETTER_HIGHER] = "higher is better",
		[BETTER_LOWER] = "lower is better",
	};
	char text[LINE_MAX_BYTES], one[128];
	size_t length = (size_t)snprintf(text, sizeof(text), "mode: %s",
					 mode_names[comparison->mode]);

	for (size_t i = 0; i < comparison->count; i++) {
		int metric = comparison_metric(comparison,
					       &comparison->rows[i]);

		snprintf(one, sizeof(one), "; metric: %.60s, %s",
			 results_schema.columns[metric].name,
			 directions[metric_better(metric)]);
		if (!strstr(text, one) && length < sizeof(text) - sizeof(one))
			length += (size_t)snprintf(text + length,
						   sizeof(text) - length, "%s",
						   one);
	}
	snprintf(text + length, sizeof(text) - length, ".");
	print_wrapped(text, to);
}

static void print_test(const struct comparison *comparison, FILE *to)
{
	const struct comparison_options *options = comparison->options;
	char text[LINE_MAX_BYTES];

	print_metrics(comparison, to);
	if (comparison->mode == MODE_DESCRIPTIVE)
		return;
	snprintf(text, sizeof(text),
		 "test: %s with up to %zu %s for each row. Family-wise error "
		 "rate of %zu row%s: %.3g %% (%s). Smallest difference that "
		 "counts as faster or slower: %.3g %%.",
		 comparison_test_name(comparison), comparison->most,
		 unit_of_mode(comparison), comparison->family,
		 comparison->family == 1 ? "" : "s", 100 * options->alpha,
		 options->adjust ? "Holm's correction"
				 : "no correction for multiple comparisons",
		 100 * options->threshold);
	print_wrapped(text, to);
}

void print_head(const struct comparison *comparison, FILE *to)
{
	const struct comparison_options *options = comparison->options;

	print_headline(comparison, to);
	if (options->factor < 0) {
		print_side(comparison, "baseline:", SIDE_BASELINE, to);
		print_side(comparison, "candidate:", SIDE_CANDIDATE, to);
		print_facts(comparison, to);
	} else {
		print_side(comparison, "run:", SIDE_BASELINE, to);
		fprintf(to, "%-10s %s %.60s\n", "baseline:",
			results_schema.columns[options->factor].name,
			options->base);
	}
	print_distances(comparison, to);
	print_test(comparison, to);
}

static void print_counts(const struct comparison *comparison, FILE *to)
{
	char text[LINE_MAX_BYTES] = "";
	size_t length = 0;
	int metric = comparison->options->metric;
	bool directed = metric == METRIC_OBJECTIVE ||
			metric_better(metric) != BETTER_NEITHER;

	for (int i = 0; i < OUTCOME_DRIFT; i++) {
		bool usual = i == OUTCOME_SAME ||
			     (directed ? i <= OUTCOME_SLOWER
				       : i == OUTCOME_HIGHER ||
						 i == OUTCOME_LOWER);

		if (comparison->verdicts[i] ||
		    (usual && comparison->mode != MODE_DESCRIPTIVE))
			length += (size_t)snprintf(
				text + length, sizeof(text) - length,
				"%s%zu %s", length ? ", " : "",
				comparison->verdicts[i], outcome_names[i]);
	}
	if (!isnan(comparison->geometric_mean))
		snprintf(text + length, sizeof(text) - length,
			 "; geometric mean of the ratios %.3f",
			 comparison->geometric_mean);
	print_wrapped(text, to);
	if (comparison->controls) {
		snprintf(text, sizeof(text),
			 "drift: %zu control cell%s (same code on both sides) "
			 "ha%s a ratio of %.3f",
			 comparison->controls,
			 comparison->controls == 1 ? "" : "s",
			 comparison->controls == 1 ? "s" : "ve",
			 comparison->drift);
		print_wrapped(text, to);
	}
}

static void print_legend(const struct comparison *comparison, FILE *to)
{
	char text[LINE_MAX_BYTES];

	if (comparison->mode == MODE_DESCRIPTIVE) {
		print_wrapped("ratio: candidate / baseline, the median over "
			      "all pairs of observations. 90% of them: the "
			      "range of the middle 90 % of these ratios. It is "
			      "not a confidence interval.",
			      to);
		return;
	}
	snprintf(text, sizeof(text),
		 "ratio: candidate / baseline. base and cand.: estimated "
		 "values with this ratio. interval: confidence interval of "
		 "the ratio; with %.3g %% probability, the intervals of all "
		 "rows are right. detect.: smallest difference that these %s "
		 "show with a probability of 80 %%. needs: approximate total "
		 "number of %s for a verdict on an inconclusive row.",
		 100 * (1 - comparison->options->alpha),
		 unit_of_mode(comparison), unit_of_mode(comparison));
	print_wrapped(text, to);
	for (size_t i = 0; i < comparison->count; i++)
		if (comparison->rows[i].part_count) {
			print_wrapped("ns apart: the rounds at this core "
				      "distance. The row above pools them; its "
				      "base and cand. are the values at the "
				      "most frequent distance.",
				      to);
			return;
		}
}

/* Prints why rows have no verdict. */
static void print_notes(const struct comparison *comparison, FILE *to)
{
	const struct comparison_row *rows = comparison->rows;
	double least = 0; /* rounds for the rows without any power */
	char text[LINE_MAX_BYTES];

	for (size_t i = 0; i < comparison->count; i++) {
		size_t first = 0, same = 0;

		if (rows[i].verdict == OUTCOME_INCONCLUSIVE &&
		    isnan(rows[i].detectable))
			least = fmax(least,
				     judge_rounds(comparison, &rows[i],
						  (double)comparison->needed));
		if (!rows[i].note)
			continue;
		while (!rows[first].note ||
		       strcmp(rows[first].note, rows[i].note) != 0)
			first++;
		for (size_t j = i; first == i && j < comparison->count; j++)
			same += rows[j].note &&
				strcmp(rows[j].note, rows[i].note) == 0;
		if (same) {
			snprintf(text, sizeof(text),
				 "no verdict for %zu row%s: %s", same,
				 same == 1 ? "" : "s", rows[i].note);
			print_wrapped(text, to);
		}
	}
	if (least > 0) {
		snprintf(text, sizeof(text),
			 "\"-\" in the column detect.: too few %s to show any "
			 "difference in a table of %zu row%s; measure at least "
			 "%.0f.",
			 unit_of_mode(comparison), comparison->family,
			 comparison->family == 1 ? "" : "s", least);
		print_wrapped(text, to);
	}
	if (comparison->identical && comparison->count)
		print_wrapped("Baseline and candidate consist of equal "
			      "observations.",
			      to);
}

static void say_count(size_t count, const char *what, FILE *to)
{
	if (count)
		fprintf(to, "%zu %s\n", count, what);
}

static void print_unmatched(const struct comparison *comparison,
			    enum side_name side, const char *what, FILE *to)
{
	const struct comparison_unmatched *unmatched =
		&comparison->unmatched[side];
	const struct observed_cell *cells = comparison->set->cells;
	char name[NAME_LONG_MAX];

	if (!unmatched->count)
		return;
	fprintf(to, "only in the %s, %zu cell%s:\n", what, unmatched->count,
		unmatched->count == 1 ? "" : "s");
	for (size_t i = 0; i < unmatched->count && i < UNMATCHED_NAMED; i++) {
		name_long(&cells[unmatched->cells[i]].factors, name);
		fprintf(to, "    %s\n", name);
	}
	if (unmatched->count > UNMATCHED_NAMED)
		fprintf(to, "    and %zu more; --json lists all\n",
			unmatched->count - UNMATCHED_NAMED);
}

static void print_left_out(const struct comparison *comparison, FILE *to)
{
	const struct side *sides = comparison->set->sides;
	char text[LINE_MAX_BYTES];

	say_count(comparison->unverified,
		  "observations left out: verification failed or missing", to);
	say_count(sides[0].superseded + sides[1].superseded,
		  "superseded observations left out: their round was "
		  "measured again",
		  to);
	say_count(comparison->unmeasured,
		  "observations left out: without a value of the metric", to);
	say_count(sides[0].repeated + sides[1].repeated,
		  "observations left out: duplicates", to);
	if (comparison->options->exclude_flag) {
		snprintf(text, sizeof(text),
			 "%zu observations left out: flag %.60s",
			 sides[0].excluded + sides[1].excluded,
			 comparison->options->exclude_flag);
		print_wrapped(text, to);
	}
	if (comparison->mode == MODE_PAIRED)
		say_count(comparison->unpaired,
			  "observations left out: round not measured on both "
			  "sides",
			  to);
	say_count(comparison->disturbed,
		  "observations left out: disturbed, and enough others remain",
		  to);
	say_count(comparison->apart,
		  "observations left out: core distance differs between the "
		  "sides",
		  to);
	say_count(comparison->unknown,
		  "observations left out: core distance is unknown", to);
	say_count(comparison->without_base,
		  "cells left out: no counterpart with the baseline value", to);
	if (*comparison->left_out) {
		snprintf(text, sizeof(text), "Not compared: %s.",
			 comparison->left_out);
		print_wrapped(text, to);
	}
	print_unmatched(comparison, SIDE_BASELINE, "baseline", to);
	print_unmatched(comparison, SIDE_CANDIDATE, "candidate", to);
}

void print_foot(const struct comparison *comparison, FILE *to)
{
	print_counts(comparison, to);
	print_legend(comparison, to);
	print_notes(comparison, to);
	print_left_out(comparison, to);
}
