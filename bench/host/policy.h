/* SPDX-License-Identifier: BSD-2-Clause */
/* The scheduling policy of this process. */
#ifndef POLICY_H
#define POLICY_H

#include "fault.h"

/*
 * Fails if this process has a real-time policy, which its threads inherit. Such
 * a thread keeps its CPU while it spins. If all CPUs spin, neither the thread
 * that ends the window nor the watchdog ever runs. Returns 0, or -1 with the
 * fault set.
 */
int policy_check(struct fault *fault);

#endif
