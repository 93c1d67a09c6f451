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

/* Round trips: stores an odd number and waits for the next even number, which
 * answer() stores. */
static void bounce(uint64_t *word, uint64_t number)
{
	for (int i = 0; i < DISTANCE_TRIPS; i++, number += 2) {
		ringbench_store_release(word, number + 1);
		while (ringbench_load_acquire(word) != number + 2)
			;
	}
}

static void answer(uint64_t *word, uint64_t number)
{
	for (int i = 0; i < DISTANCE_TRIPS; i++, number += 2) {
		while (ringbench_load_acquire(word) != number + 1)
			;
		ringbench_store_release(word, number + 2);
	}
}

/* As many round trips again come first and are not counted: the first one waits
 * until the other thread runs and has the line. */
void distance_measure(struct distance_lines *lines)
{
	double times[DISTANCE_BATCHES];

	for (int i = 0; i < DISTANCE_BATCHES; i++) {
		int64_t start_ns;

		bounce(&lines->batches[i].word, 0);
		start_ns = ringbench_now_ns();
		bounce(&lines->batches[i].word, 2 * DISTANCE_TRIPS);
		times[i] = (double)(ringbench_now_ns() - start_ns) /
			   DISTANCE_TRIPS;
	}
	qsort(times, DISTANCE_BATCHES, sizeof(*times), compare_times);
	lines->round_trip_ns = (times[DISTANCE_BATCHES / 2 - 1] +
				times[DISTANCE_BATCHES / 2]) /
			       2;
}

void distance_answer(struct distance_lines *lines)
{
	for (int i = 0; i < DISTANCE_BATCHES; i++)
		for (uint64_t j = 0; j < 2; j++)
			answer(&lines->batches[i].word, j * 2 * DISTANCE_TRIPS);
}

bool distance_differs(double one_ns, double other_ns)
{
	return one_ns >= CHANGE_FACTOR * other_ns ||
	       other_ns >= CHANGE_FACTOR * one_ns;
}
