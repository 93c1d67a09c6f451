/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said above and below the rows of a comparison. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "facts.h"
#include "metrics.h"
#include "print.h"
#include "text.h"

enum {
	LINE_MAX_BYTES = 640,
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
	case MODE_UNPAIRED:
		return "A/A floor";
	default:
		return "none";
	}
}

static void print_side(const struct comparison *comparison, const char *what,
		       enum side_name name, FILE *to)
{
	const struct side *side = &comparison->set->sides[name];
	size_t sessions = dataset_sessions(comparison->set, name);
	int64_t rounds = dataset_rounds(comparison->set, name);

	fprintf(to, "%-5s %.900s (", what, side->name);
	if (side->runs > 1)
		fprintf(to, "%zu runs, ", side->runs);
	fprintf(to, "%zu session%s, %" PRId64 " round%s)\n", sessions,
		sessions == 1 ? "" : "s", rounds, rounds == 1 ? "" : "s");
}

static void print_facts(const struct comparison *comparison, FILE *to)
{
	static struct fact facts[FACTS_MAX];
	const struct dataset *set = comparison->set;
	size_t count = facts_that_differ(set, facts);

	for (size_t i = 0; i < count; i++)
		fprintf(to, "differs: %-12.12s %.57s\n%21s %.57s\n",
			facts[i].name, *facts[i].base ? facts[i].base : "?",
			"->", *facts[i].new ? facts[i].new : "?");
	if (!set->sides[SIDE_BASE].with_facts ||
	    !set->sides[SIDE_NEW].with_facts)
		fprintf(to, "no run.json: compiler, libraries and plan are not "
			    "known\n");
	else if (count == 0)
		fprintf(to, "same machine, build and plan\n");
}

void print_head(const struct comparison *comparison, FILE *to)
{
	const struct comparison_options *options = comparison->options;
	char text[LINE_MAX_BYTES];

	if (options->factor < 0) {
		print_side(comparison, "base:", SIDE_BASE, to);
		print_side(comparison, "new:", SIDE_NEW, to);
		print_facts(comparison, to);
	} else {
		print_side(comparison, "run:", SIDE_BASE, to);
		fprintf(to, "base: %s %.60s\n",
			results_schema.columns[options->factor].name,
			options->base);
	}
	snprintf(text, sizeof(text), "mode: %s, since %s.",
		 mode_names[comparison->mode], comparison->why);
	print_wrapped(text, to);
	snprintf(text, sizeof(text),
		 "test: %s; family: %zu row%s (%s, %.3g %%); threshold "
		 "%.3g %%; %s: %s is better.",
		 comparison_test_name(comparison), comparison->family,
		 comparison->family == 1 ? "" : "s",
		 !options->adjust		     ? "not adjusted"
		 : comparison->mode == MODE_UNPAIRED ? "Bonferroni"
						     : "Holm",
		 100 * options->alpha, 100 * options->threshold,
		 results_schema.columns[options->metric].name,
		 metric_higher_is_better(options->metric) ? "higher" : "lower");
	print_wrapped(text, to);
}

static void print_counts(const struct comparison *comparison, FILE *to)
{
	char text[LINE_MAX_BYTES];
	size_t length = 0;

	for (int i = 0; i < OUTCOME_DRIFT; i++)
		if (i <= OUTCOME_SAME || comparison->verdicts[i])
			length += (size_t)snprintf(
				text + length, sizeof(text) - length,
				"%s%zu %s", length ? ", " : "",
				comparison->verdicts[i], outcome_names[i]);
	if (!isnan(comparison->geometric_mean))
		snprintf(text + length, sizeof(text) - length,
			 "; geometric mean of the ratios %.3f",
			 comparison->geometric_mean);
	print_wrapped(text, to);
	if (comparison->controls) {
		snprintf(text, sizeof(text),
			 "drift: %zu control cell%s, whose code does not "
			 "differ, ha%s a ratio of %.3f",
			 comparison->controls,
			 comparison->controls == 1 ? "" : "s",
			 comparison->controls == 1 ? "s" : "ve",
			 comparison->drift);
		print_wrapped(text, to);
	}
}

/* Why rows have no verdict, and what would give them one. */
static void print_advice(const struct comparison *comparison, FILE *to)
{
	char text[3 * FACT_MAX], base[FACT_MAX], new[FACT_MAX];
	size_t blind = 0;

	for (size_t i = 0; i < comparison->count; i++)
		blind += isnan(comparison->rows[i].visible) &&
			 !comparison->rows[i].control &&
			 !comparison->rows[i].note;
	if (blind && comparison->mode <= MODE_SESSIONS) {
		snprintf(text, sizeof(text),
			 "- under sees: too few %s to tell any difference "
			 "among %zu row%s; %zu would be needed.",
			 comparison->mode == MODE_PAIRED ? "rounds"
							 : "sessions",
			 comparison->family, comparison->family == 1 ? "" : "s",
			 comparison->needed);
		print_wrapped(text, to);
	}
	if (comparison->mode == MODE_UNPAIRED &&
	    comparison->verdicts[OUTCOME_UNVERIFIED]) {
		facts_revision(comparison->set, SIDE_BASE, base);
		facts_revision(comparison->set, SIDE_NEW, new);
		snprintf(text, sizeof(text),
			 "unverified: no second session of either build on "
			 "this host says how much they differ by themselves. "
			 "To judge the change: ringbench ab %.60s %.60s",
			 base, new);
		print_wrapped(text, to);
	} else if (comparison->mode == MODE_UNPAIRED) {
		snprintf(text, sizeof(text),
			 "Judged by how much up to %zu sessions of these "
			 "builds on this host differ by themselves, as if "
			 "they spread normally; ringbench ab knows better.",
			 comparison->floor_sessions);
		print_wrapped(text, to);
	}
	if (comparison->mode == MODE_DESCRIPTIVE)
		print_wrapped("Different hosts: ratios describe, and judge "
			      "nothing.",
			      to);
	if (comparison->mode == MODE_PAIRED && comparison->identical &&
	    comparison->count)
		print_wrapped("Both sides are the same observations.", to);
}

static void say_count(size_t count, const char *what, FILE *to)
{
	if (count)
		fprintf(to, "%zu %s\n", count, what);
}

static void print_left_out(const struct comparison *comparison, FILE *to)
{
	const struct side *sides = comparison->set->sides;
	char text[LINE_MAX_BYTES];

	say_count(comparison->unverified,
		  "observations are not verified and not compared", to);
	say_count(sides[0].superseded + sides[1].superseded,
		  "superseded observations are not compared", to);
	say_count(comparison->unmeasured,
		  "observations lack the metric and are not compared", to);
	say_count(sides[0].repeated + sides[1].repeated,
		  "observations stand there twice and count once", to);
	if (comparison->options->exclude_flag) {
		snprintf(text, sizeof(text),
			 "%zu observations with the flag %.60s are excluded.",
			 sides[0].excluded + sides[1].excluded,
			 comparison->options->exclude_flag);
		print_wrapped(text, to);
	}
	if (comparison->mode == MODE_PAIRED)
		say_count(comparison->unpaired,
			  "observations have no partner in their round", to);
	if (comparison->options->factor >= 0) {
		say_count(comparison->only_new,
			  "cells have no counterpart with the base value", to);
		if (*comparison->left_out) {
			snprintf(text, sizeof(text), "Not compared: %s.",
				 comparison->left_out);
			print_wrapped(text, to);
		}
		return;
	}
	say_count(comparison->only_base, "cells are only in the base run", to);
	say_count(comparison->only_new, "cells are only in the new run", to);
}

void print_foot(const struct comparison *comparison, FILE *to)
{
	char text[LINE_MAX_BYTES];

	print_counts(comparison, to);
	snprintf(text, sizeof(text),
		 "ratio: new : base, with %.3g %% interval. sees: the smallest "
		 "difference that would have been seen among these rows.",
		 100 * (1 - comparison->options->alpha));
	print_wrapped(text, to);
	print_advice(comparison, to);
	for (size_t i = 0; i < comparison->count; i++)
		if (comparison->rows[i].note) {
			print_wrapped("descriptive: some observations are 0, "
				      "so that there is no ratio.",
				      to);
			break;
		}
	print_left_out(comparison, to);
}
