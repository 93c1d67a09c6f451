/* SPDX-License-Identifier: BSD-2-Clause */
/* What CPUs did since boot, as the kernel counts it, in ticks. */
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
	TICK_STEAL, /* given to other virtual machines, though it was wanted */
	TICK_GUEST,
	TICK_GUEST_NICE,
	HOST_TICKS
};

extern const char *const host_tick_names[HOST_TICKS];

/*
 * The sums over these CPUs, or over all (NULL); -1: the kernel is too old to
 * count it. False when none of the CPUs is known, and all are -1.
 */
bool host_ticks(hwloc_const_bitmap_t cpus, int64_t ticks[HOST_TICKS]);

#endif
