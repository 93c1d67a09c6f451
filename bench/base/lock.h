/* SPDX-License-Identifier: BSD-2-Clause */
/* A lock that allows one run at a time on a machine, because two runs would
 * disturb each other. */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>

#include "fault.h"

/*
 * Acquires the machine's lock until this process ends. Processes that this
 * process starts do not need the lock. If another run has the lock: if `waits`
 * is true, prints a message to standard error and waits; otherwise fails with
 * EXIT_UNFIT. Returns 0, also if a signal ended the wait, or -1 with the fault
 * set.
 *
 * The environment variable RINGBENCH_LOCK names the lock file; if it is empty,
 * there is no lock. Without the variable, the file is ringbench.lock in TMPDIR
 * or /tmp.
 */
int lock_machine(bool waits, struct fault *fault);

#endif
