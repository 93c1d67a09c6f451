/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core distance of an observation, before and after the window: between the
 * CPUs of its producers and the CPUs of its consumers. One pair of CPUs is
 * measured after the other.
 */
#ifndef CORE_DISTANCE_H
#define CORE_DISTANCE_H

#include "observation.h"
#include "scenario.h"

enum {
	DISTANCE_PAIRS_MAX = 8,
};

enum distance_when {
	DISTANCE_BEFORE,
	DISTANCE_AFTER,
	DISTANCE_WHENS
};

struct core_distance {
	int count; /* number of pairs of CPUs; 0: threads are not pinned, or all
		      are on one CPU */
	struct distance_pair {
		int cpus[2];
		int threads[2]; /* one thread for each of the two CPUs */
		double ns[DISTANCE_WHENS]; /* 0: not measured */
	} pairs[DISTANCE_PAIRS_MAX];
};

/* Chooses the pairs of CPUs. */
void core_distance_plan(struct core_distance *distance, const struct rig *rig);

/* Sets the columns: for the result the largest pair, for each thread the
 * largest pair of its CPU. */
void core_distance_set(const struct core_distance *distance,
		       struct observation *observation);

#endif
