/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring for any number of producers and consumers, first in, first out, whose
 * operations come back instead of waiting for their turn. While there is but
 * one producer and one consumer it is a spsc_ring. C11 and C++17; needs nothing
 * but this folder.
 *
 *	struct mpmc_ring ring;
 *	struct mpmc_end end;		(one for each thread)
 *
 *	mpmc_ring_init(&ring, 1000);
 *	mpmc_end_open(&end, &ring);
 *	mpmc_push(&end, word);
 *	mpmc_pop(&end, &word);
 *	mpmc_end_close(&end);
 *
 * A message is a 64-bit word that is not 0. An end belongs to one thread.
 *
 * How it works. In a ring for many, each message costs an atomic operation on
 * either side, which takes longer than all the rest even where nobody competes.
 * Most queues have one thread on each side all their life. So this ring begins
 * as an spsc_ring, and becomes one for many when a second thread uses a side
 * (the idea of a biased lock: Dice, Moir, Scherer, 2003). It never changes
 * back.
 *
 * - The ring for two: the one thread on a side does its operation and *then*
 *   looks whether the ring is still for two. It nearly always is.
 * - The change: who comes second says so, has the kernel run a fence in all
 *   threads (membarrier), carries over what is in the ring for two, and writes
 *   down from which message and to which. An operation that finds out about the
 *   change looks there whether it counts: a push whose message was not carried
 *   over is done again, and so is a pop whose message was.
 * - The ring for many: each slot has a turn, `n` when push number n may fill
 *   it, `n + 1` when pop number n may empty it (Vyukov, "Bounded MPMC queue",
 *   2010). A try looks at the slot that is next, so that it can say no without
 *   having claimed anything, then claims its number by compare-and-swap, uses
 *   the slot, and passes the turn on. Who loses a claim gives way for a while,
 *   twice as long each time, so that the winner does some more operations on
 *   lines that it has, rather than all wait for lines that travel (Anderson,
 *   1990).
 *
 * Why it is right.
 *
 * 1. The ring for two: see spsc_ring.h. It has one user a side: an end enters a
 *    side by adding 1 to its `users`; only who found 0 may use it.
 * 2. The change. The one stores (a push its slot, a pop `head`), then loads
 *    `phase`; who comes second stores the phase, then loads head and slots. A
 *    fence between store and load on either side means that one of them sees
 *    the other (store buffering; C11 7.17.3). The second one's is membarrier, a
 *    fence in the first one's thread too. So an operation that still found the
 *    phase FOR_TWO is seen by the change, whole. One that did not may be seen
 *    or not; but there is one a side at most, for both wait then, and where the
 *    change began and ended says which it was. Without membarrier a store could
 *    wait in the store buffer, unseen, while the phase is read.
 * 3. An operation that was in the midst when the change began may go on in the
 *    ring for two, but does no harm. A push may find room in a full ring that
 *    such a pop, or the change itself, has made: its message is one too many,
 *    and is left behind. Nor does it clear a slot that is still to be read: the
 *    capacity is even, and spsc_ring_init() counts in whole lines, so there is
 *    one slot more than argument 3 of spsc_ring.h asks for.
 * 4. The change happens before each operation of the ring for many: the phase
 *    is stored with release and loaded with acquire. So do words that were
 *    carried over, which it loaded with acquire. One user a side after another:
 *    users.
 * 5. The ring for many, words: stored before the turn is, with release; who
 *    loads that turn with acquire reads the word. The consumer's turn gives the
 *    slot back in the same way. Numbers order nothing, and are relaxed.
 * 6. Numbers: they only rise, so no two threads claim the same; and a slot that
 *    was found ready for number n stays so until n is claimed, since only who
 *    claims n changes its turn.
 *
 * Progress: blocking, strictly. For two: wait-free, and exact about "empty";
 * all others wait for a change that was begun. For many: a thread that is
 * suspended between its claim and the turn leaves a slot at which all others
 * see "empty", though later messages are there, or "full", though there is
 * room; so neither is exact.
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
#include "ringbench_membarrier.h"
#include "ringbench_memory.h"
#include "spsc_ring.h"

struct mpmc_slot {
	uint64_t turn;
	uint64_t word;
};

enum {
	MPMC_BACKOFF_PAUSES = 128, /* at most, after a claim was lost */
};

enum mpmc_phase {
	MPMC_PHASE_SPSC,
	MPMC_PHASE_SWITCHING,
	MPMC_PHASE_MPMC,
};

struct mpmc_ring {
	/* Only read, but for the one change. */
	struct mpmc_slot *slots RINGBENCH_ALIGNED;
	uint64_t mask;
	uint32_t phase; /* of enum mpmc_phase */
	/* For two. */
	struct spsc_ring two;
	/* Numbers of the messages that the change carried over. */
	uint64_t moved_from RINGBENCH_ALIGNED;
	uint64_t moved_to;		      /* the first that it did not */
	uint32_t producers RINGBENCH_ALIGNED; /* ends that have pushed */
	uint32_t consumers;		      /* ends that have popped */
	/* For many: numbers of the next push and pop. */
	uint64_t push_next RINGBENCH_ALIGNED;
	uint64_t pop_next RINGBENCH_ALIGNED;
};

/* What an end knows of a side. */
enum mpmc_state {
	MPMC_UNREGISTERED, /* has not used it yet */
	MPMC_EXCLUSIVE,	   /* the ring was for two when last seen */
	MPMC_SHARED,
};

/* One thread's. A local variable of it, so that it lives in registers. */
struct mpmc_end {
	struct mpmc_ring *ring;
	enum mpmc_state push;
	enum mpmc_state pop;
	struct spsc_producer producer; /* of the one */
	struct spsc_consumer consumer;
};

/*
 * Prepares the ring for a power of two of messages from 2 up, at least
 * `capacity`. Returns 0, -EINVAL or -ENOMEM. The ring must lie on a line of its
 * own: a variable or ringbench_alloc_lines(). It serves the threads of one
 * process.
 */
static inline int mpmc_ring_init(struct mpmc_ring *ring, size_t capacity)
{
	uint64_t count = 2; /* with 1, "filled" and "free again" are the same */
	int error;

	if (capacity == 0 || capacity > SIZE_MAX / 64)
		return -EINVAL;
	while (count < capacity)
		count *= 2;
	memset(ring, 0, sizeof(*ring));
	error = spsc_ring_init(&ring->two, count);
	if (error)
		return error;
	ring->mask = count - 1;
	ring->slots = (struct mpmc_slot *)ringbench_alloc_lines(
		count * sizeof(*ring->slots));
	if (!ring->slots) {
		spsc_ring_free(&ring->two);
		return -ENOMEM;
	}
	for (uint64_t i = 0; i < count; i++)
		ring->slots[i].turn = i;
	if (!ringbench_membarrier_register())
		ring->phase = MPMC_PHASE_MPMC;
	return 0;
}

static inline void mpmc_ring_free(struct mpmc_ring *ring)
{
	spsc_ring_free(&ring->two);
	free(ring->slots);
}

static inline size_t mpmc_ring_capacity(const struct mpmc_ring *ring)
{
	return (size_t)ring->mask + 1;
}

static RINGBENCH_INLINE void mpmc_end_open(struct mpmc_end *end,
					   struct mpmc_ring *ring)
{
	const struct spsc_producer producer = { NULL, NULL, NULL, 0, 0 };
	const struct spsc_consumer consumer = { NULL, NULL, NULL, 0, 0, 0 };

	end->ring = ring;
	end->push = end->pop = MPMC_UNREGISTERED;
	end->producer = producer; /* not of memset(), which keeps compilers */
	end->consumer = consumer; /* from having all this in registers */
}

static RINGBENCH_INLINE void mpmc_end_close(struct mpmc_end *end)
{
	if (end->push != MPMC_UNREGISTERED) /* release: see 4 */
		__atomic_fetch_sub(&end->ring->producers, 1, __ATOMIC_RELEASE);
	if (end->pop != MPMC_UNREGISTERED)
		__atomic_fetch_sub(&end->ring->consumers, 1, __ATOMIC_RELEASE);
}

/*
 * Claims the next number whose slot's turn is `ahead` of it. Returns the slot,
 * and the number in *number; NULL when the slot is not ready.
 */
static RINGBENCH_INLINE struct mpmc_slot *mpmc_claim(struct mpmc_ring *ring,
						     uint64_t *next,
						     uint64_t ahead,
						     uint64_t *number)
{
	unsigned pauses = 1;

	*number = ringbench_load_relaxed(next);
	for (;;) {
		struct mpmc_slot *slot = &ring->slots[*number & ring->mask];
		int64_t late = (int64_t)(ringbench_load_acquire(&slot->turn) -
					 (*number + ahead)); /* see 5 */

		if (late < 0)
			return NULL;
		if (late == 0) {
			if (__atomic_compare_exchange_n(
				    next, number, *number + 1, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
				return slot; /* see 6 */
			for (unsigned i = 0; i < pauses; i++)
				ringbench_pause();
			if (pauses < MPMC_BACKOFF_PAUSES)
				pauses *= 2;
		}
		*number = ringbench_load_relaxed(next);
	}
}

static RINGBENCH_INLINE bool mpmc_push_shared(struct mpmc_ring *ring,
					      uint64_t word)
{
	uint64_t number;
	struct mpmc_slot *slot = mpmc_claim(ring, &ring->push_next, 0, &number);

	if (!slot)
		return false;
	RINGBENCH_TEST_DELAY();
	slot->word = word;
	ringbench_store_release(&slot->turn, number + 1); /* see 5 */
	return true;
}

static RINGBENCH_INLINE bool mpmc_pop_shared(struct mpmc_ring *ring,
					     uint64_t *word)
{
	uint64_t number;
	struct mpmc_slot *slot = mpmc_claim(ring, &ring->pop_next, 1, &number);

	if (!slot)
		return false;
	*word = slot->word;
	RINGBENCH_TEST_DELAY();
	ringbench_store_release(&slot->turn,
				number + ring->mask + 1); /* see 5 */
	return true;
}

/* The change, by the one thread that began it. */
static __attribute__((noinline, unused)) void
mpmc_switch(struct mpmc_ring *ring)
{
	struct spsc_consumer consumer;
	uint64_t word;

	if (!ringbench_membarrier_all_threads()) /* see 2 */
		abort(); /* cannot be: it was registered */
	spsc_consumer_open(&consumer, &ring->two);
	ring->moved_from = consumer.taken;
	while (consumer.taken - ring->moved_from <= ring->mask && /* see 3 */
	       spsc_pop(&consumer, &word))
		mpmc_push_shared(ring, word);
	ring->moved_to = consumer.taken;
	ringbench_store_release(&ring->phase, MPMC_PHASE_MPMC); /* see 4 */
}

/* Enters a side. When it is not the first one there, the ring is for many. */
static __attribute__((noinline, unused)) enum mpmc_state
mpmc_enter(struct mpmc_ring *ring, uint32_t *users)
{
	/* Acquire: see 4. */
	uint32_t others = __atomic_fetch_add(users, 1, __ATOMIC_ACQ_REL);
	uint32_t phase = ringbench_load_acquire(&ring->phase);

	if (others == 0 && phase == MPMC_PHASE_SPSC)
		return MPMC_EXCLUSIVE;
	if (phase == MPMC_PHASE_SPSC &&
	    __atomic_compare_exchange_n(&ring->phase, &phase,
					MPMC_PHASE_SWITCHING, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		mpmc_switch(ring);
	while (ringbench_load_acquire(&ring->phase) !=
	       MPMC_PHASE_MPMC) /* see 4 */
		sched_yield();
	return MPMC_SHARED;
}

/* After an operation of the one: whether it counts without further ado. */
static RINGBENCH_INLINE bool mpmc_is_spsc(struct mpmc_ring *ring)
{
	RINGBENCH_TEST_DELAY();
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* and membarrier: see 2 */
	return RINGBENCH_LIKELY(ringbench_load_relaxed(&ring->phase) ==
				MPMC_PHASE_SPSC);
}

static __attribute__((noinline, unused)) enum mpmc_state
mpmc_await_switch(struct mpmc_ring *ring)
{
	while (ringbench_load_acquire(&ring->phase) !=
	       MPMC_PHASE_MPMC) /* see 4 */
		sched_yield();
	return MPMC_SHARED;
}

static RINGBENCH_INLINE void mpmc_enter_to_push(struct mpmc_end *end)
{
	if (RINGBENCH_LIKELY(end->push != MPMC_UNREGISTERED))
		return;
	end->push = mpmc_enter(end->ring, &end->ring->producers);
	if (end->push == MPMC_EXCLUSIVE)
		spsc_producer_open(&end->producer, &end->ring->two);
}

/* Puts a word that is not 0. False when the ring is full, or seems so. */
static RINGBENCH_INLINE bool mpmc_push(struct mpmc_end *end, uint64_t word)
{
	struct mpmc_ring *ring = end->ring;

	mpmc_enter_to_push(end);
	if (end->push == MPMC_EXCLUSIVE) {
		bool done = spsc_push(&end->producer, word);

		if (mpmc_is_spsc(ring))
			return done;
		end->push = mpmc_await_switch(ring);
		if (done && ring->moved_to == spsc_next(&end->producer))
			return true;
	}
	return mpmc_push_shared(ring, word);
}

static RINGBENCH_INLINE void mpmc_enter_to_pop(struct mpmc_end *end)
{
	if (RINGBENCH_LIKELY(end->pop != MPMC_UNREGISTERED))
		return;
	end->pop = mpmc_enter(end->ring, &end->ring->consumers);
	if (end->pop == MPMC_EXCLUSIVE)
		spsc_consumer_open(&end->consumer, &end->ring->two);
}

/* Takes a word. False when the ring is empty, or seems so. */
static RINGBENCH_INLINE bool mpmc_pop(struct mpmc_end *end, uint64_t *word)
{
	struct mpmc_ring *ring = end->ring;

	mpmc_enter_to_pop(end);
	if (end->pop == MPMC_EXCLUSIVE) {
		bool done = spsc_pop(&end->consumer, word);

		if (mpmc_is_spsc(ring))
			return done;
		end->pop = mpmc_await_switch(ring);
		if (done && ring->moved_from == end->consumer.taken)
			return true;
	}
	return mpmc_pop_shared(ring, word);
}

/* True when a pop would find nothing, or seem to. For one that pops. */
static RINGBENCH_INLINE bool mpmc_is_empty(struct mpmc_end *end)
{
	struct mpmc_ring *ring = end->ring;
	uint64_t number;

	mpmc_enter_to_pop(end);
	if (end->pop == MPMC_EXCLUSIVE) {
		bool empty = spsc_is_empty(&end->consumer);

		if (mpmc_is_spsc(ring))
			return empty;
		end->pop = mpmc_await_switch(ring);
	}
	number = ringbench_load_relaxed(&ring->pop_next);
	return (int64_t)(ringbench_load_acquire(
				 &ring->slots[number & ring->mask].turn) -
			 (number + 1)) < 0;
}

#endif
