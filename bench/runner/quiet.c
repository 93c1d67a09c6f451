/* SPDX-License-Identifier: BSD-2-Clause */
#include "interrupt.h"
#include "quiet.h"
#include "ringbench_clock.h"

bool quiet_between(const int64_t before[HOST_TICKS],
		   const int64_t after[HOST_TICKS])
{
	int64_t idle = 0, all = 0;

	/* The time of guests is part of user and nice. */
	for (int i = 0; i < TICK_GUEST; i++) {
		int64_t ticks = after[i] - before[i];

		all += ticks;
		if (i == TICK_IDLE || i == TICK_IOWAIT)
			idle += ticks;
	}
	return (double)(all - idle) <= QUIET_SHARE * (double)all;
}

int64_t quiet_wait(const struct cell *cell, int64_t limit_ns, bool *quiet)
{
	int64_t before[HOST_TICKS], after[HOST_TICKS];
	int64_t start_ns = ringbench_now_ns(), now_ns = start_ns;
	hwloc_bitmap_t cpus;

	*quiet = true;
	if (!cell->cpu_count)
		return 0;
	cpus = hwloc_bitmap_alloc();
	for (int i = 0; i < cell->cpu_count; i++)
		hwloc_bitmap_set(cpus, (unsigned)cell->cpus[i]);
	do {
		if (!host_ticks(cpus, before))
			break;
		ringbench_sleep_until(now_ns + QUIET_LOOK_NS);
		host_ticks(cpus, after);
		*quiet = quiet_between(before, after);
		now_ns = ringbench_now_ns();
	} while (!*quiet && !interrupted && now_ns - start_ns < limit_ns);
	hwloc_bitmap_free(cpus);
	return now_ns - start_ns;
}
