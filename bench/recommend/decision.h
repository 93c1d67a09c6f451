/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the candidates to take, what comes second, and what to avoid. */
#ifndef DECISION_H
#define DECISION_H

#include "candidates.h"

enum {
	DECISION_EQUALS_MAX = 6, /* cells beside the best one that are named */
	DECISION_AVOID_MAX = 3,
	ROUNDS_MIN = 6, /* for an interval of 95 % */
};

/* What the ranking minimises. */
enum goal {
	GOAL_LATENCY, /* there is a limit for CPU, or no limit */
	GOAL_CPU,     /* there is a limit for latency only */
};

struct decision {
	enum goal goal;
	bool fits; /* `best` meets all wishes; false: nothing does, and `best`
		      comes nearest */
	/* Rounds that are needed to separate this many cells with a family-wise
	 * error rate of 5 %; 0: there are enough. */
	size_t needed;
	bool sure; /* the limits lie outside the intervals of `best` */
	const struct candidate *best; /* NULL: there is no candidate that
					 carries the load */
	/* Cells that cannot be separated from the best one. */
	const struct candidate *equals[DECISION_EQUALS_MAX];
	size_t equal_count;		/* may exceed DECISION_EQUALS_MAX */
	const struct candidate *second; /* next after best and its equals */
	/* Carries the load with at most half of the CPU time of the best one;
	 * NULL: no cell does. */
	const struct candidate *frugal;
	/* Cells that cost more than the best one in latency and in CPU, and
	 * cells that do not carry the load. */
	const struct candidate *avoid[DECISION_AVOID_MAX];
	size_t avoid_count;
};

void decision_make(struct decision *decision,
		   const struct candidates *candidates,
		   const struct wishes *wishes);

#endif
