/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measures how long a thread waits, without reading the clock in most waits.
 *
 * Two clock reads in each wait would add half to a round trip of 100 ns. So a
 * busy wait has two parts:
 * 1. The head: the first WAITCLOCK_HEAD_TRIES tries. The clock times the head
 *    of 1 wait in WAITCLOCK_PERIOD, and the result is multiplied by
 *    WAITCLOCK_PERIOD.
 * 2. The tail: all later tries. The clock times every tail, because two clock
 *    reads are short compared with a tail.
 *
 * A wait in the kernel is timed completely. A native wait begins with an
 * operation that may succeed at once, so the queue itself starts the clock, by
 * waitclock_sleeps(), right before the thread sleeps for the first time.
 *
 * A blocking system call cannot do this. Its clock is marked as unseen, and the
 * time that the thread slept in the window counts as its wait (tally.c).
 *
 * Two rules protect the sample:
 * - Slow tries (a contended lock) make heads of many microseconds. After a head
 *   longer than WAITCLOCK_LONG_NS, the next WAITCLOCK_PERIOD waits are timed
 *   completely, because the clock costs little compared with them.
 * - If the scheduler suspends the thread during a timed head, this time would
 *   count 64 times. So the part of a head above WAITCLOCK_CAP_NS counts once.
 *
 * The clock decides before a wait begins whether to time it. Otherwise the
 * sample would be biased.
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
	WAITCLOCK_KERNEL = 0, /* weight of a wait in the kernel: counts once */
	WAITCLOCK_UNSEEN = 1 << 30, /* weight: operations may sleep unseen */
};

struct waitclock {
	int64_t total_ns;   /* waiting time, estimated as described above */
	int64_t scaled_ns;  /* part of total_ns that was multiplied */
	uint64_t weyl;	    /* state of the sequence that selects heads */
	uint64_t waits;	    /* number of waits */
	uint64_t tries;	    /* failed tries in all waits */
	int64_t start_ns;   /* start of the timed part; 0: not timed */
	uint32_t weight;    /* factor of the timed part */
	uint32_t exact;	    /* number of waits to time completely */
	int64_t longest_ns; /* longest timed part */
	int64_t longest_end_ns;
	int64_t kernel_ns; /* part of total_ns in calls that can put the thread
			      to sleep */
};

/*
 * Threads that alternate count their waits at the same speed. They must not
 * time the same waits: a thread that reads its clock delays the other thread,
 * which would then time and multiply exactly this delay. So each thread starts
 * at another place of the sequence.
 */
static inline void waitclock_init(struct waitclock *clock, unsigned thread)
{
	clock->weyl = thread * (UINT64_MAX / 3);
	/* until the tries are known to be short */
	clock->exact = WAITCLOCK_PERIOD;
}

/* A wait begins. */
static RINGBENCH_INLINE void waitclock_start(struct waitclock *clock)
{
	/*
	 * A Weyl sequence: selects 1 wait in 64, and no periodic pattern of
	 * waits stays in step with it.
	 */
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

/* A wait in the kernel begins: it is timed completely. */
static inline void waitclock_start_exact(struct waitclock *clock)
{
	clock->waits++;
	clock->weight = WAITCLOCK_KERNEL;
	clock->start_ns = ringbench_now_ns();
}

/*
 * A queue's own waiting operation calls this each time before it sleeps. The
 * first call in an operation starts the clock. NULL: the loop has started it.
 */
static RINGBENCH_INLINE void waitclock_sleeps(struct waitclock *clock)
{
	if (clock && !clock->start_ns)
		waitclock_start_exact(clock);
}

/* Rarely called, so it is not inlined into the loops. */
static __attribute__((noinline, unused)) void
waitclock_add(struct waitclock *clock, int64_t now_ns)
{
	int64_t spent = now_ns - clock->start_ns;

	clock->start_ns = 0;
	clock->total_ns += spent;
	if (spent > clock->longest_ns) {
		clock->longest_ns = spent;
		clock->longest_end_ns = now_ns;
	}
	if (spent > WAITCLOCK_LONG_NS)
		clock->exact = WAITCLOCK_PERIOD;
	if (clock->weight == WAITCLOCK_KERNEL)
		clock->kernel_ns += spent;
	if (clock->weight <= 1)
		return;
	if (spent > WAITCLOCK_CAP_NS)
		spent = WAITCLOCK_CAP_NS;
	clock->total_ns += spent * (clock->weight - 1);
	clock->scaled_ns += spent * clock->weight;
}

/* The head ends; the tail begins and is timed. */
static inline void waitclock_tail(struct waitclock *clock)
{
	int64_t now = ringbench_now_ns();

	if (clock->start_ns)
		waitclock_add(clock, now);
	clock->weight = 1;
	clock->start_ns = now;
}

/* The wait ends after `tries` failed tries. */
static RINGBENCH_INLINE void waitclock_stop(struct waitclock *clock,
					    uint64_t tries)
{
	clock->tries += tries;
	if (RINGBENCH_UNLIKELY(clock->start_ns != 0))
		waitclock_add(clock, ringbench_now_ns());
}

#endif
