/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One program under two labels, over some sessions: every difference that is
 * found is a false one. How often is that, and how far do sessions differ?
 */
#ifndef SELF_CHECK_H
#define SELF_CHECK_H

#include "comparison.h"

enum {
	KIND_NAME_MAX = 96,
};

/* How often something false was found. */
struct false_positives {
	size_t tests;
	size_t raw;	 /* p at most alpha */
	size_t adjusted; /* the same after Holm, over the cells of a session */
	size_t verdicts; /* of these, beyond the threshold: faster or slower */
};

/* Cells that differ in backend and the like only. */
struct self_check_kind {
	char name[KIND_NAME_MAX]; /* "pingpong block same-cpu" */
	size_t cells;
	struct false_positives found;
	/*
	 * Of the cells' noise levels, as shares: what sessions of equal builds
	 * differ by, exp(t sqrt(2) s) - 1, with t for all cells together. NaN:
	 * fewer than 2 sessions.
	 */
	double noise_median;
	double noise_most;
};

struct self_check {
	struct self_check_kind *kinds;
	size_t count;
	struct false_positives all;
	size_t cells;		/* that are judged */
	size_t sessions;	/* each of them one table */
	size_t sessions_judged; /* those in whose table something was found */
	int64_t rounds;
	double alpha;
};

/* The runs of both labels. Returns 0, or -1 with the fault set. */
int self_check_make(struct self_check *check, const char *a, const char *b,
		    const struct comparison_options *options,
		    struct fault *fault);
void self_check_free(struct self_check *check);

/* 80 columns wide. */
void self_check_print(const struct self_check *check, FILE *to);

#endif
