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
	DISTANCE_TRIPS = 200, /* round trips of one batch */
};

/* The line that the two threads share. The caller clears it before both threads
 * start. */
struct distance_line {
	uint64_t word RINGBENCH_ALIGNED;
	double round_trip_ns RINGBENCH_ALIGNED; /* the result */
};

/*
 * Two threads on two CPUs call one function each, at the same time. The first
 * thread sets round_trip_ns to the median of the batches: single batches are 2
 * to 5 times as long if a thread is interrupted. Together the functions take
 * about 1 ms. The loops have no pause instruction, because it changes the
 * result by a factor of 1.3 to 1.4.
 */
void distance_measure(struct distance_line *line);
void distance_answer(struct distance_line *line);

/* Whether the distances differ by a factor of 1.35 or more, which noise alone
 * does not cause. False if a distance is NaN. */
bool distance_differs(double one_ns, double other_ns);

#endif
