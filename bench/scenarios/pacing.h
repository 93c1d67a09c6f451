/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waits until a given time, for threads that push messages at given times. This
 * waiting time is called pacing. Pacing counts neither as work nor as waiting
 * for the queue.
 */
#ifndef PACING_H
#define PACING_H

#include <time.h>

#include "affinity.h"
#include "cell.h"
#include "ringbench_clock.h"

/*
 * A producer with its own CPU sleeps until a message is due in this time, and
 * then spins. After long gaps a timed sleep can end more than 60 us late.
 */
#define SLEEP_MARGIN_NS RINGBENCH_NS_PER_MS

/*
 * A spinning producer reads the clock every 50 ns. If two reads are further
 * apart than this, another thread or the hypervisor had the CPU.
 */
#define PREEMPTED_NS (20 * RINGBENCH_NS_PER_US)

static inline void pace_sleep(struct worker *me, int64_t until_ns)
{
	int64_t cpu_ns = ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID);
	struct timespec until = ringbench_timespec(until_ns);

	while (!ringbench_load_relaxed(me->stop) &&
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		;
	me->pace_cpu_ns += ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
}

/*
 * Waits until due_ns, and returns the time at the end of the wait. A thread
 * that shares its CPU only sleeps: spinning would take the CPU from the thread
 * that is measured.
 */
static inline int64_t pace_wait(struct worker *me, int64_t due_ns,
				bool only_sleeps)
{
	int64_t begin_ns = ringbench_now_ns(), now_ns = begin_ns, before_ns;

	if (only_sleeps && due_ns > now_ns) {
		pace_sleep(me, due_ns);
		now_ns = ringbench_now_ns();
	} else if (due_ns > now_ns + SLEEP_MARGIN_NS) {
		pace_sleep(me, due_ns - SLEEP_MARGIN_NS);
		now_ns = ringbench_now_ns();
	}
	while (!only_sleeps && now_ns < due_ns &&
	       !ringbench_load_relaxed(me->stop)) {
		ringbench_pause();
		before_ns = now_ns;
		now_ns = ringbench_now_ns();
		if (now_ns - before_ns < PREEMPTED_NS)
			me->pace_cpu_ns += now_ns - before_ns;
	}
	me->pace_ns += now_ns - begin_ns;
	return now_ns;
}

/* Whether threads have to take turns on a CPU. */
static inline bool shares_a_cpu(const struct rig *rig)
{
	const struct cell *cell = rig->cell;
	hwloc_bitmap_t cpus = cell->cpu_count ? hwloc_bitmap_alloc()
					      : affinity_allowed();
	bool shares;

	if (!cpus)
		return true;
	for (int i = 0; i < cell->cpu_count && i < rig->threads; i++)
		hwloc_bitmap_set(cpus, (unsigned)cell->cpus[i]);
	shares = rig->threads > hwloc_bitmap_weight(cpus);
	hwloc_bitmap_free(cpus);
	return shares;
}

#endif
