/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that pass plain objects through a ring, with pauses drawn from a
 * seed. The objects are not atomic, so that ThreadSanitizer sees a missing
 * edge. Before this, a test defines `struct ring_under_test`, `struct
 * thread_end`, and open_end(), close_end(), put(), take() on them.
 */
#ifndef RING_THREADS_H
#define RING_THREADS_H

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum {
	PARCELS = 20000, /* parcels of each sender */
	THREADS_MAX = 4,
};

struct parcel {
	uint64_t sender;
	uint64_t number;
};

struct party {
	struct ring_under_test *ring;
	struct parcel *parcels; /* parcels of this sender */
	uint64_t sender;
	uint64_t *left; /* parcels that no receiver has taken */
	uint64_t taken;
	uint64_t sum;
	bool in_order; /* number of the last parcel from each sender */
};

/* Delays a thread at a critical point from time to time. */
static void dawdle(uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + 1;
	if (*random >> 58 == 0)
		sched_yield();
	else if (*random >> 60 == 1)
		ringbench_pause();
}

static void *send_parcels(void *arg)
{
	struct party *me = arg;
	struct thread_end end;
	uint64_t random = me->sender;

	has_rivals = true;
	open_end(&end, me->ring);
	for (uint64_t i = 0; i < PARCELS; i++) {
		me->parcels[i].sender = me->sender;
		me->parcels[i].number = i + 1;
		while (!put(&end, (uint64_t)(uintptr_t)&me->parcels[i]))
			sched_yield();
		dawdle(&random);
	}
	close_end(&end);
	return NULL;
}

static void *receive_parcels(void *arg)
{
	struct party *me = arg;
	struct thread_end end;
	uint64_t last[THREADS_MAX] = { 0 };
	uint64_t random = 77, word;

	has_rivals = true;
	open_end(&end, me->ring);
	me->in_order = true;
	while (ringbench_load_relaxed(me->left)) {
		struct parcel *parcel;

		if (!take(&end, &word)) {
			sched_yield();
			continue;
		}
		__atomic_fetch_sub(me->left, 1, __ATOMIC_RELAXED);
		parcel = (struct parcel *)(uintptr_t)word;
		if (parcel->number <= last[parcel->sender])
			me->in_order = false;
		last[parcel->sender] = parcel->number;
		me->sum += parcel->number;
		me->taken++;
		dawdle(&random);
	}
	close_end(&end);
	return NULL;
}

/* Checks that each parcel arrives once, and that the parcels of each sender
 * arrive in order. */
static void exchange(struct ring_under_test *ring, int senders, int receivers)
{
	uint64_t left = (uint64_t)senders * PARCELS, sum = 0;
	struct party parties[2 * THREADS_MAX];
	pthread_t threads[2 * THREADS_MAX];

	memset(parties, 0, sizeof(parties));
	for (int i = 0; i < senders + receivers; i++) {
		struct party *party = &parties[i];

		party->ring = ring;
		party->sender = (uint64_t)i;
		party->left = &left;
		if (i < senders)
			party->parcels = calloc(PARCELS, sizeof(struct parcel));
		assert_int_equal(pthread_create(&threads[i], NULL,
						i < senders ? send_parcels
							    : receive_parcels,
						party),
				 0);
	}
	for (int i = 0; i < senders + receivers; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < senders + receivers; i++) {
		free(parties[i].parcels);
		sum += parties[i].sum;
		if (i >= senders)
			assert_true(parties[i].in_order);
	}
	assert_int_equal(sum, (uint64_t)senders * PARCELS * (PARCELS + 1) / 2);
}

/* Start values of counters: just below a power of two. */
static const uint64_t ring_starts[] = {
	0,
	(UINT64_C(1) << 16) - 16,
	(UINT64_C(1) << 31) - 16,
	(UINT64_C(1) << 32) - 16,
	(UINT64_C(1) << 63) - 16,
	UINT64_MAX - 15,
};

static const size_t ring_capacities[] = { 1, 2,	 3,   4,    7,	  8,
					  9, 64, 100, 1023, 1025, 1500 };

#define EACH(index, array)                                               \
	for (size_t index = 0; index < sizeof(array) / sizeof(*(array)); \
	     index++)

#endif
