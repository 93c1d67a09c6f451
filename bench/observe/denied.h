/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time in which the observation needed its CPUs and did not get them.
 * Waiting threads must not raise it: a wake-up makes a thread ready a short
 * time before it runs, although nobody else has the CPU.
 *
 * Other threads. For a thread on its own CPU: the time in which the thread was
 * ready and not running, minus WAKE_UP_NS for each time that it went to sleep.
 * If threads of the observation share a CPU, they also wait for each other: the
 * CPU time of the others is subtracted, and the thread with the largest rest
 * counts for the CPU. Threads that are not pinned may wait for each other
 * although another CPU is idle. So their time counts only as far as CPUs were
 * neither idle nor used by them.
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
