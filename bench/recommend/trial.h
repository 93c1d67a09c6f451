/* SPDX-License-Identifier: BSD-2-Clause */
/* The plan that recommend measures if no run has the requested load. */
#ifndef TRIAL_H
#define TRIAL_H

#include "plan.h"
#include "wishes.h"

enum {
	TRIAL_ROUNDS_MIN = 8,
	TRIAL_ROUNDS_MAX = 16,
	TRIAL_LEFT_OUT_MAX = 512,
};

/*
 * Makes a plan of the queues that meet the wishes, with the usual wait
 * policies, and with as many rounds as fit into the budget. Queues for which no
 * time is left are named in left_out. Returns 0, or -1 with the fault set if
 * not even one queue fits.
 */
int trial_plan(struct plan *plan, const struct wishes *wishes,
	       int64_t budget_ns, const struct topology *topology,
	       char left_out[TRIAL_LEFT_OUT_MAX], struct fault *fault);

#endif
