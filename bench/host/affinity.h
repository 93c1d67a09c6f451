/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CPUs a thread may run on; CPU numbers have no limit. */
#ifndef AFFINITY_H
#define AFFINITY_H

#include <hwloc.h>

/* Whether the system tells and lets us choose: 0 or -errno. */
int affinity_check(void);

/*
 * Pins the calling thread to one CPU and reads that back: the kernel may have
 * given it other CPUs without an error. Returns 0, -errno, or 1 for that.
 */
int affinity_pin(int cpu);

/* The CPUs that the calling thread may use, to be freed; NULL with errno. */
hwloc_bitmap_t affinity_allowed(void);

#endif
