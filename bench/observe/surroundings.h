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
	/* number of times, sum over all groups of the process */
	int64_t throttled;
	int64_t throttled_ns; /* duration; 0 on old kernels, which only count */
	int64_t steal_ticks;  /* of the CPUs below; -1: unknown */
	int64_t idle_ticks;   /* also of these CPUs */
	/* number of CPUs of the cell, or of all allowed CPUs */
	int cpus;
};

void surroundings_read(struct surroundings *surroundings,
		       const struct cell *cell);

/* Adds the flags `throttled` and `steal` to the row of an observation. */
void surroundings_flag(const struct surroundings *before,
		       const struct surroundings *after, struct record *result);

#endif
