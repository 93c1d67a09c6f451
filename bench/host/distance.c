/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "distance.h"
#include "ringbench_clock.h"

#define CHANGE_FACTOR 1.35

static int compare_times(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* One round trip: stores an odd number and waits for the next even number,
 * which distance_answer() stores. */
static uint64_t bounce(struct distance_line *line, uint64_t number)
{
	for (int i = 0; i < DISTANCE_TRIPS; i++, number += 2) {
		ringbench_store_release(&line->word, number + 1);
		while (ringbench_load_acquire(&line->word) != number + 2)
			;
	}
	return number;
}

void distance_measure(struct distance_line *line)
{
	double times[DISTANCE_BATCHES];
	/* The first round trip waits until the other thread runs, so it is not
	 * counted. */
	uint64_t number = bounce(line, 0);

	for (int i = 0; i < DISTANCE_BATCHES; i++) {
		int64_t start_ns = ringbench_now_ns();

		number = bounce(line, number);
		times[i] = (double)(ringbench_now_ns() - start_ns) /
			   DISTANCE_TRIPS;
	}
	qsort(times, DISTANCE_BATCHES, sizeof(*times), compare_times);
	line->round_trip_ns = (times[DISTANCE_BATCHES / 2 - 1] +
			       times[DISTANCE_BATCHES / 2]) /
			      2;
}

void distance_answer(struct distance_line *line)
{
	const uint64_t last = 2 * DISTANCE_TRIPS * (DISTANCE_BATCHES + 1);

	for (uint64_t number = 1; number < last; number += 2) {
		while (ringbench_load_acquire(&line->word) != number)
			;
		ringbench_store_release(&line->word, number + 1);
	}
}

bool distance_differs(double one_ns, double other_ns)
{
	return one_ns >= CHANGE_FACTOR * other_ns ||
	       other_ns >= CHANGE_FACTOR * one_ns;
}
