/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For mpmc_ring.h: the ring for several threads on a side.
 *
 * How it works. Each slot has a turn. It is n when push number n may fill the
 * slot, and n + 1 when pop number n may empty it (Vyukov, "Bounded MPMC queue",
 * 2010). An operation first looks at the next slot, so it can fail without a
 * claim. Then it claims its number by compare-and-swap, uses the slot, and
 * stores the next turn. After a lost claim a thread pauses for some hundred
 * nanoseconds, and after further ones each time twice as long, so that the
 * winner can do many operations on lines that its CPU already has (Anderson,
 * 1990).
 *
 * Why it is correct.
 *
 * 1. Words: a push stores the word before the turn, with release; the pop that
 *    loads that turn with acquire reads the word. A pop gives the slot back in
 *    the same way. Without this, a word could be read before it is written, or
 *    overwritten before it is read. The numbers of pushes and pops order
 *    nothing, and are relaxed.
 * 2. Numbers: they only rise, so no two threads claim the same number. A slot
 *    that was found ready for number n stays ready until n is claimed, since
 *    only the thread that claims n changes its turn.
 *
 * Progress: blocking; see mpmc_ring.h.
 */
#ifndef MPMC_SLOTS_H
#define MPMC_SLOTS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ringbench_atomics.h"
#include "ringbench_memory.h"

struct mpmc_slot {
	uint64_t turn;
	uint64_t word;
};

enum {
	MPMC_BACKOFF_FIRST = 16,   /* pauses after the first lost claim */
	MPMC_BACKOFF_PAUSES = 128, /* most pauses after a lost claim */
};

struct mpmc_slots {
	/* Written by init. */
	struct mpmc_slot *slots RINGBENCH_ALIGNED;
	uint64_t mask;
	/* Numbers of the next push and of the next pop. */
	uint64_t push_next RINGBENCH_ALIGNED;
	uint64_t pop_next RINGBENCH_ALIGNED;
};

/* Makes `count` slots, a power of two, at least 2. Returns 0 or -ENOMEM. */
static inline int mpmc_slots_init(struct mpmc_slots *many, size_t count)
{
	many->push_next = many->pop_next = 0;
	many->mask = count - 1;
	many->slots = RINGBENCH_CAST(
		struct mpmc_slot *,
		ringbench_alloc_lines(count * sizeof(*many->slots)));
	if (!many->slots)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		many->slots[i].turn = i;
	return 0;
}

/* How many words are in the slots, perhaps outdated, from 0 to their number. */
static inline size_t mpmc_slots_size(const struct mpmc_slots *many)
{
	uint64_t pop = ringbench_load_acquire(&many->pop_next);
	uint64_t push = ringbench_load_acquire(&many->push_next);
	uint64_t size = push - pop;

	if (RINGBENCH_CAST(int64_t, size) < 0)
		return 0;
	return RINGBENCH_CAST(size_t,
			      size <= many->mask ? size : many->mask + 1);
}

/*
 * Claims the next number for which the turn of its slot is number + ahead.
 * Returns the slot, and the number in *number; NULL when it is not ready.
 */
static RINGBENCH_INLINE struct mpmc_slot *
mpmc_slots_claim(struct mpmc_slots *many, uint64_t *next, uint64_t ahead,
		 uint64_t *number)
{
	unsigned pauses = MPMC_BACKOFF_FIRST;

	*number = ringbench_load_relaxed(next);
	for (;;) {
		struct mpmc_slot *slot = &many->slots[*number & many->mask];
		uint64_t turn = ringbench_load_acquire(&slot->turn); /* see 1 */
		int64_t late = RINGBENCH_CAST(int64_t,
					      turn - (*number + ahead));

		if (late < 0)
			return NULL;
		if (late == 0) {
			if (__atomic_compare_exchange_n(
				    next, number, *number + 1, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
				return slot; /* see 2 */
			for (unsigned i = 0; i < pauses; i++)
				ringbench_pause();
			if (pauses < MPMC_BACKOFF_PAUSES)
				pauses *= 2;
		}
		*number = ringbench_load_relaxed(next);
	}
}

/*
 * Push and pop are not inlined, so that a loop around mpmc_push() or mpmc_pop()
 * has few variables and keeps those of the phase SPSC in registers.
 */
static RINGBENCH_NOINLINE bool mpmc_slots_push(struct mpmc_slots *many,
					       uint64_t word)
{
	uint64_t number;
	struct mpmc_slot *slot = mpmc_slots_claim(many, &many->push_next, 0,
						  &number);

	if (!slot)
		return false;
	RINGBENCH_TEST_DELAY();
	slot->word = word;
	ringbench_store_release(&slot->turn, number + 1); /* see 1 */
	return true;
}

/* Returns 0 when there is no word. */
static RINGBENCH_NOINLINE uint64_t mpmc_slots_pop(struct mpmc_slots *many)
{
	uint64_t number, word;
	struct mpmc_slot *slot = mpmc_slots_claim(many, &many->pop_next, 1,
						  &number);

	if (!slot)
		return 0;
	word = slot->word;
	RINGBENCH_TEST_DELAY();
	ringbench_store_release(&slot->turn, number + many->mask + 1); /* 1 */
	return word;
}

static RINGBENCH_NOINLINE bool mpmc_slots_is_empty(struct mpmc_slots *many)
{
	uint64_t number = ringbench_load_relaxed(&many->pop_next);
	uint64_t turn = ringbench_load_acquire(
		&many->slots[number & many->mask].turn);

	return RINGBENCH_CAST(int64_t, turn - (number + 1)) < 0;
}

#endif
