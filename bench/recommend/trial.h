/* SPDX-License-Identifier: BSD-2-Clause */
/* The plan that recommend measures if no run has the requested load. */
#ifndef TRIAL_H
#define TRIAL_H

#include "plan.h"
#include "wishes.h"

enum {
	TRIAL_ROUNDS_MIN = 8,
	TRIAL_ROUNDS_MAX = 16,
	TRIAL_NAMED_MAX = 4, /* largest number of names in unmeasured */
};

/* The queues for which no time is left. */
struct unmeasured {
	size_t count;
	char names[256]; /* "a, b, c, d": the first TRIAL_NAMED_MAX names */
};

/*
 * Makes a plan of the queues that meet the wishes, with the usual wait
 * policies, and with as many rounds as fit into the budget. Returns 0, or -1
 * with the fault set if not even one queue fits.
 */
int trial_plan(struct plan *plan, const struct wishes *wishes,
	       int64_t budget_ns, const struct topology *topology,
	       struct unmeasured *unmeasured, struct fault *fault);

#endif
