/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Disturbances of the CPUs from outside the observation: the CPU quota of the
 * control group stopped the process, or the hypervisor ran another virtual
 * machine. The main thread reads the counters before the loops start and after
 * they have ended.
 */
#ifndef SURROUNDINGS_H
#define SURROUNDINGS_H

#include <stdint.h>

#include "cell.h"

struct surroundings {
	/* number of periods, summed over all groups of the process */
	int64_t throttled;
	int64_t throttled_ns; /* throttled time; 0 on old kernels, which count
				 only periods */
	int64_t steal_ticks;  /* steal time of the CPUs of the cell; -1: unknown
			       */
	int64_t idle_ticks;   /* idle time of the CPUs of the cell */
	/* number of these CPUs: the cell's CPUs, or all allowed CPUs */
	int cpus;
};

void surroundings_read(struct surroundings *surroundings,
		       const struct cell *cell);

/* Adds the flags `throttled` and `steal` to the row of an observation. */
void surroundings_flag(const struct surroundings *before,
		       const struct surroundings *after, struct record *result);

#endif
