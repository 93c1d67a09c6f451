/* SPDX-License-Identifier: BSD-2-Clause */
/* Decides which candidate is recommended, which is second, and which to
 * avoid. */
#ifndef DECISION_H
#define DECISION_H

#include "candidates.h"

enum {
	DECISION_EQUALS_MAX =
		6, /* largest number of named cells that equal the best cell */
	DECISION_AVOID_MAX = 3,
};

/* The cost that the ranking minimises. */
enum goal {
	GOAL_LATENCY, /* there is a limit for CPU, or no limit */
	GOAL_CPU,     /* there is a limit for latency only */
};

struct decision {
	enum goal goal;
	bool fits; /* `best` meets all wishes; false: nothing does, and `best`
		      comes nearest */
	/* Number of rounds that are needed to separate this number of cells
	 * with a family-wise error rate of 5 %; 0: the run has enough
	 * rounds. */
	size_t needed;
	bool sure; /* the limits lie outside the intervals of `best` */
	const struct candidate *best; /* NULL: there is no candidate that
					 carries the load */
	/* Cells that cannot be separated from the best cell. */
	const struct candidate *equals[DECISION_EQUALS_MAX];
	size_t equal_count; /* may exceed DECISION_EQUALS_MAX */
	const struct candidate
		*second; /* the next cell after best and equals */
	/* The cell that carries the load with at most half of the CPU time of
	 * the best cell; NULL: there is no such cell. */
	const struct candidate *frugal;
	/* Cells with a higher latency and a higher CPU time than the best cell,
	 * and cells that do not carry the load. */
	const struct candidate *avoid[DECISION_AVOID_MAX];
	size_t avoid_count;
};

void decision_make(struct decision *decision,
		   const struct candidates *candidates,
		   const struct wishes *wishes);

#endif
