/* SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>

#include "policy.h"

int policy_check(struct fault *fault)
{
	static const char *const names[] = {
		[SCHED_FIFO] = "SCHED_FIFO",
		[SCHED_RR] = "SCHED_RR",
		[SCHED_DEADLINE] = "SCHED_DEADLINE",
	};
	int policy = sched_getscheduler(0);

	if (policy >= 0)
		policy &= ~SCHED_RESET_ON_FORK;
	if (policy < 0 || policy > SCHED_DEADLINE || !names[policy])
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "cannot measure with the real-time policy %s, because "
			 "threads that spin would never give up their CPUs; "
			 "run the command without chrt, or with `chrt --other "
			 "0`",
			 names[policy]);
}
