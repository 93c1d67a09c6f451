/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time in which the observation needed its CPUs and did not get them.
 * Waiting threads must not raise it: a wake-up makes a thread ready a short
 * time before it runs, although nobody else has the CPU.
 *
 * Other threads. Both of these are too small in some cases and never too large,
 * so the larger one counts.
 * 1. For each CPU with pinned threads: the time in which a thread was ready and
 *    not running, minus WAKE_UP_NS for each time that it went to sleep, minus
 *    the CPU time of the observation's other threads on that CPU, for which the
 *    thread may have waited. The thread with the largest rest counts.
 * 2. The time in which the CPUs were neither idle nor used by the observation,
 *    but no more than the time in which its threads were ready and not running.
 *    The idle time has ticks of 10 ms, so up to a tick for each CPU is missing.
 *
 * The hypervisor. A thread that never slept was running, ready, or its virtual
 * CPU was paused, so the time is exact. If threads slept, the kernel's count of
 * steal time is used, in ticks of 10 ms.
 *
 * A quota. Its own clock counts if it shows more than all of that.
 */
#ifndef DENIED_H
#define DENIED_H

#include "account.h"
#include "record.h"
#include "ringbench_clock.h"
#include "scenario.h"
#include "surroundings.h"

/* An undisturbed wake-up took up to 1.1 us, on a virtual machine with two
 * CPUs. */
#define WAKE_UP_NS (5 * RINGBENCH_NS_PER_US)

/* Sets denied_ns, unless the system hides what is needed, and the flag
 * `preempted`. */
void denied_set(const struct rig *rig, const struct account *accounts,
		const struct surroundings *before,
		const struct surroundings *after, struct record *result);

#endif
