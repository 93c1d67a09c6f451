/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets and reads the CPUs of a thread. CPU numbers have no upper limit. */
#ifndef AFFINITY_H
#define AFFINITY_H

#include <hwloc.h>

/* Checks that the system allows reading and setting the CPUs. Returns 0 or
 * -errno. */
int affinity_check(void);

/*
 * Pins the calling thread to one CPU, then reads the mask to check it. Returns
 * 0, -errno, or 1 if the kernel set other CPUs without an error.
 */
int affinity_pin(int cpu);

/* The CPUs that the calling thread may use. The caller frees the mask. NULL:
 * error, see errno. */
hwloc_bitmap_t affinity_allowed(void);

#endif
