/* SPDX-License-Identifier: BSD-2-Clause */
/* CPU time since boot, in ticks of the kernel. */
#ifndef HOST_TICKS_H
#define HOST_TICKS_H

#include <stdbool.h>
#include <stdint.h>

#include <hwloc.h>

enum host_tick {
	TICK_USER,
	TICK_NICE,
	TICK_SYSTEM,
	TICK_IDLE,
	TICK_IOWAIT,
	TICK_IRQ,
	TICK_SOFTIRQ,
	TICK_STEAL, /* the hypervisor ran other virtual machines while this CPU
		       had work */
	TICK_GUEST,
	TICK_GUEST_NICE,
	HOST_TICKS
};

extern const char *const host_tick_names[HOST_TICKS];

/*
 * Sums over these CPUs; NULL: all CPUs. -1: the kernel is too old to count this
 * kind. Returns false, with all values -1, if none of the CPUs is in the file.
 */
bool host_ticks(hwloc_const_bitmap_t cpus, int64_t ticks[HOST_TICKS]);

#endif
