/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Adds up how long a thread waits, without a clock on the critical path.
 *
 * Reading the clock at both ends of each wait would add half to a round trip
 * of 100 ns. So a busy wait is cut in two. Its head, the first
 * WAITCLOCK_HEAD_TRIES tries, is timed in one wait of WAITCLOCK_PERIOD and
 * scaled by that; its tail is timed exactly, since one clock at its start and
 * one at its end are small against it. Waits in the kernel are timed exactly.
 *
 * Two things would spoil a plain sample:
 * - Tries that are slow themselves (a contended lock) make heads of many
 *   microseconds. A head longer than WAITCLOCK_LONG_NS therefore makes the
 *   next WAITCLOCK_PERIOD waits exact: there, clocks cost next to nothing.
 * - A head during which the scheduler took the CPU away would count 64 times.
 *   What exceeds WAITCLOCK_CAP_NS of a scaled head counts once.
 * Which waits are timed is decided before they begin, so that scaling is fair.
 */
#ifndef WAITCLOCK_H
#define WAITCLOCK_H

#include <stdint.h>

#include "ringbench_atomics.h"
#include "ringbench_clock.h"

enum {
	WAITCLOCK_HEAD_TRIES = 64,
	WAITCLOCK_PERIOD = 64,
	WAITCLOCK_LONG_NS = 2000,
	WAITCLOCK_CAP_NS = 20000,
};

struct waitclock {
	int64_t total_ns;  /* time waited, estimated as above */
	int64_t scaled_ns; /* the part of it that was scaled up */
	uint64_t weyl;	   /* decides which heads are timed */
	uint64_t waits;	   /* how many waits there were */
	uint64_t tries;	   /* failed tries in all of them */
	int64_t start_ns;  /* of the part being timed; 0: not timed */
	uint32_t weight;   /* what the part being timed counts for */
	uint32_t exact;	   /* so many of the next waits are timed exactly */
};

/*
 * Threads that take turns count their waits in step. They must not time the
 * same ones: a thread that reads its clock keeps the other one waiting, and
 * just that wait would be timed and scaled. So each has a place of its own in
 * the sequence.
 */
static inline void waitclock_init(struct waitclock *clock, unsigned thread)
{
	clock->weyl = thread * (UINT64_MAX / 3);
	clock->exact = WAITCLOCK_PERIOD; /* until tries prove to be short */
}

/* A wait begins. */
static RINGBENCH_INLINE void waitclock_start(struct waitclock *clock)
{
	/* A Weyl sequence: hits 1 in 64 and keeps step with no pattern. */
	clock->weyl += UINT64_C(0x9E3779B97F4A7C15);
	clock->waits++;
	if (RINGBENCH_UNLIKELY(clock->exact != 0)) {
		clock->exact--;
		clock->weight = 1;
		clock->start_ns = ringbench_now_ns();
	} else if (RINGBENCH_UNLIKELY(clock->weyl <
				      UINT64_MAX / WAITCLOCK_PERIOD)) {
		clock->weight = WAITCLOCK_PERIOD;
		clock->start_ns = ringbench_now_ns();
	}
}

/* A wait begins that goes into the kernel: timed exactly. */
static inline void waitclock_start_exact(struct waitclock *clock)
{
	clock->waits++;
	clock->weight = 1;
	clock->start_ns = ringbench_now_ns();
}

/* Rare, so kept out of the loops. */
static __attribute__((noinline, unused)) void
waitclock_add(struct waitclock *clock, int64_t now_ns)
{
	int64_t spent = now_ns - clock->start_ns;

	clock->start_ns = 0;
	clock->total_ns += spent;
	if (spent > WAITCLOCK_LONG_NS)
		clock->exact = WAITCLOCK_PERIOD;
	if (clock->weight == 1)
		return;
	if (spent > WAITCLOCK_CAP_NS)
		spent = WAITCLOCK_CAP_NS;
	clock->total_ns += spent * (clock->weight - 1);
	clock->scaled_ns += spent * clock->weight;
}

/* The head is used up: from here on the wait is timed exactly. */
static inline void waitclock_tail(struct waitclock *clock)
{
	int64_t now = ringbench_now_ns();

	if (clock->start_ns)
		waitclock_add(clock, now);
	clock->weight = 1;
	clock->start_ns = now;
}

/* The wait is over, after so many failed tries. */
static RINGBENCH_INLINE void waitclock_stop(struct waitclock *clock,
					    uint64_t tries)
{
	clock->tries += tries;
	if (RINGBENCH_UNLIKELY(clock->start_ns != 0))
		waitclock_add(clock, ringbench_now_ns());
}

#endif
