/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares a program with itself over several sessions. Every difference that a
 * test finds is a false positive. Counts the false positives and measures the
 * noise level between sessions.
 */
#ifndef SELF_CHECK_H
#define SELF_CHECK_H

#include "comparison.h"
#include "output.h"

enum {
	KIND_NAME_MAX = 96,
};

/* False positives among a number of tests. */
struct false_positives {
	size_t tests;
	size_t raw;	 /* p at most alpha */
	size_t adjusted; /* p at most alpha after Holm's correction over a
			    session */
	size_t verdicts; /* verdicts faster or slower */
};

/* Cells of one scenario, wait policy and placement. */
struct self_check_kind {
	char name[KIND_NAME_MAX]; /* "pingpong block same-cpu" */
	size_t cells;
	struct false_positives found;
	/*
	 * Median and maximum of the cells' noise levels, as shares:
	 * exp(t sqrt(2) s) - 1, where s is the standard deviation of the
	 * sessions' median logarithms and t is Student's quantile at the level
	 * alpha / cells. NaN: fewer than 2 sessions.
	 */
	double noise_median;
	double noise_most;
};

struct self_check {
	struct self_check_kind *kinds;
	size_t count;
	struct false_positives all;
	size_t cells;		/* cells with a test */
	size_t sessions;	/* each session is one comparison */
	size_t sessions_judged; /* sessions with a false positive after Holm */
	int64_t rounds;
	double alpha;
};

/* a, b: the runs of both labels. Returns 0, or -1 with the fault set. */
int self_check_make(struct self_check *check, const char *a, const char *b,
		    const struct comparison_options *options,
		    struct fault *fault);
void self_check_free(struct self_check *check);

void self_check_print(const struct self_check *check, struct output *output);

#endif
