/* SPDX-License-Identifier: BSD-2-Clause */
/* One run at a time on a machine: two would disturb each other. */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>

#include "fault.h"

/*
 * Takes the machine's lock, for as long as this process lives. Processes that
 * it starts count as part of it and do not wait. While another run has it,
 * waits and says so on standard error, or, without `waits`, refuses with
 * EXIT_UNFIT. Returns 0, also when a signal has ended the waiting, or -1 with
 * the fault set.
 *
 * The lock is the file that RINGBENCH_LOCK names; empty: there is none. Without
 * the variable it is ringbench.lock in TMPDIR, or else in /tmp.
 */
int lock_machine(bool waits, struct fault *fault);

#endif
