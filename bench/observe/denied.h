/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time in which the observation needed its CPUs and did not get them.
 * Waiting threads must not increase this time: after a wake-up a thread is
 * ready for a short time before it runs, although no other thread has the CPU.
 *
 * Other threads. Two estimates are never too large and in some cases too small,
 * so the larger estimate counts.
 * 1. For each CPU with pinned threads: the time in which a thread was ready and
 *    not running, minus WAKE_UP_NS for each time that this thread went to
 *    sleep, minus the CPU time of the observation's other threads on this CPU.
 *    The thread with the largest result counts for its CPU.
 * 2. The time in which the CPUs were neither idle nor used by the observation,
 *    limited to the time in which the observation's threads were ready and not
 *    running. The idle time has ticks of 10 ms, so up to a tick for each CPU is
 *    missing.
 *
 * The hypervisor. If a thread never slept and was neither running nor ready,
 * its virtual CPU was paused, so this time is exact. If threads slept, the
 * kernel's count of steal time is used, in ticks of 10 ms.
 *
 * A quota. If the throttled time of the control group is longer than this sum,
 * the throttled time counts.
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

/* Sets denied_ns, unless the system hides a needed counter. Sets the flag
 * `preempted`. */
void denied_set(const struct rig *rig, const struct account *accounts,
		const struct surroundings *before,
		const struct surroundings *after, struct record *result);

#endif
