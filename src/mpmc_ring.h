/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring for any number of producers and consumers, first in, first out. With
 * one producer and one consumer it is an spsc_ring.h with one more check in
 * each operation. No operation waits for a message or for room. C11 and C++11,
 * gcc and clang. RINGBENCH_CHECK finds misuse: see ringbench_check.h.
 *
 *	static struct mpmc_ring ring;
 *	struct mpmc_end end;			(one for each thread)
 *
 *	if (mpmc_ring_init(&ring, 1000))
 *		return 1;
 *	mpmc_end_open(&end, &ring);
 *	mpmc_push(&end, 42);
 *	mpmc_pop(&end, &word);
 *	mpmc_end_close(&end);
 *	mpmc_ring_free(&ring);
 *
 * A message is a 64-bit word other than 0. An end belongs to one thread. The
 * ring serves the threads of one process.
 *
 * How it works. With several threads on a side, each operation needs an atomic
 * read-modify-write instruction, which takes longer than the rest of it even
 * without contention. Most queues have one thread on each side all the time. So
 * the ring begins as an spsc_ring. It switches to an algorithm for several
 * threads when a second thread uses one of the sides, and never switches back.
 * (The idea is that of a biased lock: Dice, Moir, Scherer, 2003.)
 *
 *	phase of the ring:	SPSC -> SWITCHING -> MPMC
 *	state of an end's side:	UNREGISTERED -> EXCLUSIVE -> SHARED
 *				UNREGISTERED -> SHARED
 *
 * - SPSC: the one thread on a side is EXCLUSIVE. It does its operation in the
 *   spsc_ring and *afterwards* checks that the phase is still SPSC.
 * - SWITCHING: the second thread of a side stores this phase, makes the kernel
 *   run a fence in all threads (membarrier), moves the messages from the
 *   spsc_ring into the slots for several threads, and records the numbers of
 *   the first message that it moved and of the first that it did not. An
 *   EXCLUSIVE thread that finds the phase changed waits for MPMC and compares
 *   its operation with these numbers. A push whose message was not moved is
 *   done again. A pop whose message was moved is done again.
 *   The switch takes time in proportion to the messages in the ring: some
 *   milliseconds for a million messages.
 * - MPMC: see mpmc_slots.h.
 *
 * Why it is correct.
 *
 * 1. SPSC: see spsc_ring.h. Each side has one user: an end enters a side by
 *    adding 1 to its number of users, and only an end that found 0 is
 *    EXCLUSIVE.
 * 2. The switch misses no operation. The EXCLUSIVE thread stores (its slot in a
 *    push, `head` in a pop) and then loads the phase. The switching thread
 *    stores the phase and then loads the slots and `head`. With a fence between
 *    store and load in both threads, at least one of them sees the other (the
 *    store-buffering test; C11 7.17.3). membarrier is the fence of both. So the
 *    switch sees every operation that found the phase SPSC afterwards. The
 *    switch may or may not see an operation that found another phase. There is
 *    at most one such operation on each side, since its thread then waits, and
 *    the recorded numbers tell whether the switch saw it.
 *    Without membarrier the EXCLUSIVE thread's store could still be in its
 *    store buffer while it loads the old phase.
 * 3. An EXCLUSIVE operation that is under way when the switch begins may go on
 *    in the spsc_ring, without harm. A push may find room that such a pop, or
 *    the switch itself, has made in a full ring: its message is one too many
 *    and is not moved. The push clears no slot that is still to be read: with
 *    links see spsc_groups.h. Without links, the even capacity and the rounding
 *    to whole groups leave one slot more than spsc_ring.h, 3, needs.
 * 4. The switch happens before each SHARED operation: it stores the phase with
 *    release, and they load it with acquire. The words that it moved were
 *    loaded with acquire. Two EXCLUSIVE threads that follow one another on a
 *    side are ordered by release and acquire on the number of users.
 * 5. MPMC: see mpmc_slots.h.
 *
 * Progress: blocking. In the phase SPSC both sides are wait-free, and "empty"
 * and "full" are exact. A thread that is suspended in the middle of a switch
 * stops all other threads. In the phase MPMC one thread that is suspended
 * between its claim and its turn stops one side for good: pops wrongly find
 * "empty" at its slot, or pushes wrongly find "full".
 */
#ifndef MPMC_RING_H
#define MPMC_RING_H

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_check.h"
#include "ringbench_membarrier.h"
#include "ringbench_memory.h"
#include "mpmc_slots.h"
#include "spsc_ring.h"

enum mpmc_phase {
	MPMC_PHASE_SPSC,
	MPMC_PHASE_SWITCHING,
	MPMC_PHASE_MPMC,
};

struct mpmc_ring {
	uint32_t phase RINGBENCH_ALIGNED; /* an enum mpmc_phase */
	/* In the phase SPSC. */
	struct spsc_ring spsc;
	/* Numbers of the messages that the switch moved. */
	uint64_t moved_from RINGBENCH_ALIGNED;
	uint64_t moved_to; /* the first that it did not move */
	uint32_t producers RINGBENCH_ALIGNED; /* ends that push */
	uint32_t consumers;		      /* ends that pop */
	/* In the phase MPMC. */
	struct mpmc_slots many;
};

/* The state of an end on one side of the ring. */
enum mpmc_state {
	MPMC_UNREGISTERED, /* has not used this side yet */
	MPMC_EXCLUSIVE,	   /* the only user of this side when last seen */
	MPMC_SHARED,
};

/* A thread's access. As a local variable it can live in registers. */
struct mpmc_end {
	struct mpmc_ring *ring;
	enum mpmc_state push;
	enum mpmc_state pop;
	int error;		       /* see mpmc_end_error() */
	struct spsc_producer producer; /* while EXCLUSIVE */
	struct spsc_consumer consumer;
#ifdef RINGBENCH_CHECK
	struct ringbench_user user;
#endif
};

/*
 * Prepares a ring for at least `capacity` messages: the next power of two, at
 * least 2. Returns 0, -ENOMEM, or -EINVAL for a capacity of 0 or a ring that is
 * not aligned; see spsc_ring_init(). Where the kernel has no membarrier, the
 * ring begins in the phase MPMC.
 */
static inline int mpmc_ring_init(struct mpmc_ring *ring, size_t capacity)
{
	size_t count = 2; /* with 1, "filled" would be the turn "free" */
	int error;

	if (capacity == 0 || capacity > SIZE_MAX / 64 ||
	    !ringbench_is_aligned(ring))
		return -EINVAL;
	while (count < capacity)
		count *= 2;
	memset(ring, 0, sizeof(*ring));
	error = spsc_ring_init(&ring->spsc, count);
	if (error)
		return error;
	error = mpmc_slots_init(&ring->many, count);
	if (error) {
		spsc_ring_free(&ring->spsc);
		return error;
	}
	if (ringbench_membarrier_register() != 0)
		ring->phase = MPMC_PHASE_MPMC;
	return 0;
}

static inline void mpmc_ring_free(struct mpmc_ring *ring)
{
	spsc_ring_free(&ring->spsc);
	free(ring->many.slots);
}

static inline size_t mpmc_ring_capacity(const struct mpmc_ring *ring)
{
	return RINGBENCH_CAST(size_t, ring->many.mask) + 1;
}

/*
 * For monitoring by any thread: how many messages are in the ring, perhaps
 * outdated, from 0 to the capacity. It does not make the ring switch.
 */
static RINGBENCH_NOINLINE size_t mpmc_size(const struct mpmc_ring *ring)
{
	if (ringbench_load_acquire(&ring->phase) != MPMC_PHASE_MPMC)
		return spsc_size(&ring->spsc);
	return mpmc_slots_size(&ring->many);
}

static RINGBENCH_INLINE void mpmc_end_open(struct mpmc_end *end,
					   struct mpmc_ring *ring)
{
	/* memset() would keep the end out of registers. */
	const struct spsc_producer producer = RINGBENCH_ZERO;
	const struct spsc_consumer consumer = RINGBENCH_ZERO;

	end->ring = ring;
	end->push = end->pop = MPMC_UNREGISTERED;
	end->error = 0;
	end->producer = producer;
	end->consumer = consumer;
	RINGBENCH_CHECKED(ringbench_user_open(&end->user, NULL));
}

static RINGBENCH_INLINE void mpmc_end_close(struct mpmc_end *end)
{
	if (end->push != MPMC_UNREGISTERED) /* release: see 4 */
		__atomic_fetch_sub(&end->ring->producers, 1, __ATOMIC_RELEASE);
	if (end->pop != MPMC_UNREGISTERED)
		__atomic_fetch_sub(&end->ring->consumers, 1, __ATOMIC_RELEASE);
	end->push = end->pop = MPMC_UNREGISTERED;
	RINGBENCH_CHECKED(ringbench_user_close(&end->user));
}

/*
 * Why the last push or pop of this end failed, other than by "full" or "empty":
 * 0, or -errno where the kernel refused the membarrier that a second thread on
 * a side needs. Some sandboxes forbid membarrier after the start of a program.
 * Then the first thread keeps its side, and the second thread cannot use it.
 */
static RINGBENCH_INLINE int mpmc_end_error(const struct mpmc_end *end)
{
	return end->error;
}

/*
 * The switch, by the one thread that stored the phase SWITCHING. Returns 0, or
 * -errno when there is no membarrier: then the ring stays in the phase SPSC.
 */
static RINGBENCH_NOINLINE int mpmc_switch(struct mpmc_ring *ring)
{
	int error = ringbench_membarrier_all_threads(); /* see 2 */
	struct spsc_consumer consumer;
	uint64_t word;

	if (error) {
		ringbench_store_release(
			&ring->phase,
			RINGBENCH_CAST(uint32_t, MPMC_PHASE_SPSC));
		return error;
	}
	spsc_consumer_start(&consumer, &ring->spsc);
	ring->moved_from = consumer.taken;
	while (consumer.taken - ring->moved_from <=
		       ring->many.mask && /* see 3 */
	       spsc_pop(&consumer, &word))
		mpmc_slots_push(&ring->many, word);
	ring->moved_to = consumer.taken;
	ringbench_store_release(&ring->phase, /* see 4 */
				RINGBENCH_CAST(uint32_t, MPMC_PHASE_MPMC));
	return 0;
}

/* Waits while another thread switches. Returns the phase after that. */
static RINGBENCH_NOINLINE uint32_t mpmc_await_switch(struct mpmc_ring *ring)
{
	uint32_t phase;

	while ((phase = ringbench_load_acquire(&ring->phase)) == /* see 4 */
	       MPMC_PHASE_SWITCHING) {
		RINGBENCH_TEST_DELAY();
		sched_yield();
	}
	return phase;
}

/*
 * Enters a side; the second thread there makes the ring switch. Returns
 * UNREGISTERED, and *error says why, when the ring cannot switch. It gets no
 * address of the end, so that the end stays in registers.
 */
static RINGBENCH_NOINLINE enum mpmc_state
mpmc_enter(struct mpmc_ring *ring, uint32_t *users, int *error)
{
	/* Acquire: see 4. */
	uint32_t others = __atomic_fetch_add(users, 1, __ATOMIC_ACQ_REL);
	uint32_t phase = ringbench_load_acquire(&ring->phase);

	*error = 0; /* here, since a store before each push would cost half */
	if (others == 0 && phase == MPMC_PHASE_SPSC)
		return MPMC_EXCLUSIVE;
	while (!*error && (phase = mpmc_await_switch(ring)) == MPMC_PHASE_SPSC)
		if (__atomic_compare_exchange_n(
			    &ring->phase, &phase,
			    RINGBENCH_CAST(uint32_t, MPMC_PHASE_SWITCHING),
			    false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			*error = mpmc_switch(ring);
	if (*error)
		__atomic_fetch_sub(users, 1, __ATOMIC_RELEASE);
	return *error ? MPMC_UNREGISTERED : MPMC_SHARED;
}

/* After an EXCLUSIVE operation: true when it counts as it is. */
static RINGBENCH_INLINE bool mpmc_is_spsc(struct mpmc_ring *ring)
{
	RINGBENCH_TEST_DELAY();
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* and membarrier: see 2 */
	return RINGBENCH_LIKELY(ringbench_load_relaxed(&ring->phase) ==
				MPMC_PHASE_SPSC);
}

/* Returns false when this end cannot use that side; see mpmc_end_error(). */
static RINGBENCH_INLINE bool mpmc_enter_to_push(struct mpmc_end *end)
{
	int error;

	if (RINGBENCH_LIKELY(end->push != MPMC_UNREGISTERED))
		return true;
	end->push = mpmc_enter(end->ring, &end->ring->producers, &error);
	end->error = error;
	if (end->push == MPMC_EXCLUSIVE)
		spsc_producer_open(&end->producer, &end->ring->spsc);
	return end->push != MPMC_UNREGISTERED;
}

/*
 * Pushes a word other than 0. Returns false when the ring is full or seems so,
 * or when mpmc_end_error() is not 0.
 */
static RINGBENCH_INLINE bool mpmc_push(struct mpmc_end *end, uint64_t word)
{
	struct mpmc_ring *ring = end->ring;

	RINGBENCH_CHECKED(ringbench_user_check(&end->user));
	RINGBENCH_EXPECT(word != 0, "the word 0 is pushed");
	if (!mpmc_enter_to_push(end))
		return false;
	if (RINGBENCH_LIKELY(end->push == MPMC_EXCLUSIVE)) {
		bool done = spsc_push(&end->producer, word);

		if (mpmc_is_spsc(ring) ||
		    mpmc_await_switch(ring) == MPMC_PHASE_SPSC)
			return done;
		end->push = MPMC_SHARED;
		if (done && ring->moved_to == spsc_next(&end->producer))
			return true;
	}
	return mpmc_slots_push(&ring->many, word);
}

static RINGBENCH_INLINE bool mpmc_enter_to_pop(struct mpmc_end *end)
{
	int error;

	if (RINGBENCH_LIKELY(end->pop != MPMC_UNREGISTERED))
		return true;
	end->pop = mpmc_enter(end->ring, &end->ring->consumers, &error);
	end->error = error;
	if (end->pop == MPMC_EXCLUSIVE)
		spsc_consumer_open(&end->consumer, &end->ring->spsc);
	return end->pop != MPMC_UNREGISTERED;
}

/*
 * Pops a word. Returns false when the ring is empty or seems so, or when
 * mpmc_end_error() is not 0.
 */
static RINGBENCH_INLINE bool mpmc_pop(struct mpmc_end *end, uint64_t *word)
{
	struct mpmc_ring *ring = end->ring;
	uint64_t found;

	RINGBENCH_CHECKED(ringbench_user_check(&end->user));
	if (!mpmc_enter_to_pop(end))
		return false;
	if (RINGBENCH_LIKELY(end->pop == MPMC_EXCLUSIVE)) {
		bool done = spsc_pop(&end->consumer, word);

		if (mpmc_is_spsc(ring) ||
		    mpmc_await_switch(ring) == MPMC_PHASE_SPSC)
			return done;
		end->pop = MPMC_SHARED;
		if (done && ring->moved_from == end->consumer.taken)
			return true;
	}
	found = mpmc_slots_pop(&ring->many);
	if (found == 0)
		return false;
	*word = found;
	return true;
}

/*
 * For a consumer: whether a pop would find nothing, or seem to. It registers
 * the end as a consumer; a thread that only monitors uses mpmc_size().
 */
static RINGBENCH_INLINE bool mpmc_is_empty(struct mpmc_end *end)
{
	struct mpmc_ring *ring = end->ring;

	RINGBENCH_CHECKED(ringbench_user_check(&end->user));
	if (!mpmc_enter_to_pop(end))
		return true;
	if (RINGBENCH_LIKELY(end->pop == MPMC_EXCLUSIVE)) {
		bool empty = spsc_is_empty(&end->consumer);

		if (mpmc_is_spsc(ring) ||
		    mpmc_await_switch(ring) == MPMC_PHASE_SPSC)
			return empty;
		end->pop = MPMC_SHARED;
	}
	return mpmc_slots_is_empty(&ring->many);
}

#endif
