/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core distance: the round trip of one word on one cache line between two CPUs.
 * The topology does not show this distance on a virtual machine, and it changes
 * when the hypervisor moves virtual CPUs.
 */
#ifndef DISTANCE_H
#define DISTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "ringbench_atomics.h"

enum {
	DISTANCE_BATCHES = 16,
	DISTANCE_TRIPS = 100, /* counted round trips of one batch */
};

/*
 * The lines that the two threads share. The caller clears them before both
 * threads start. Each batch has its own line: on CPUs with a mesh, the part of
 * the cache that a line belongs to depends on its address. On an Intel Xeon,
 * single lines took 102 to 198 ns at the same time.
 */
struct distance_lines {
	struct {
		uint64_t word RINGBENCH_ALIGNED;
	} batches[DISTANCE_BATCHES];
	double round_trip_ns RINGBENCH_ALIGNED; /* the result */
};

/*
 * Two threads on two CPUs call one function each, at the same time. The first
 * thread sets round_trip_ns to the median of the batches: single batches are 2
 * to 5 times as long if a thread is interrupted. Together the functions take
 * about 1 ms. The loops have no pause instruction, because it changes the
 * result by a factor of 1.3 to 1.4.
 */
void distance_measure(struct distance_lines *lines);
void distance_answer(struct distance_lines *lines);

/* Whether the distances differ by a factor of 1.35 or more, which noise alone
 * does not cause. False if a distance is NaN. */
bool distance_differs(double one_ns, double other_ns);

#endif
