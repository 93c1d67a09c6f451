/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock-free ring for any number of producers and consumers, first in, first
 * out: Ruslan Nikolaev, "A Scalable, Portable, and Memory-Efficient Lock-Free
 * FIFO Queue", DISC 2019. Whoever is suspended, and wherever, the others get
 * on. C11 and C++17; needs nothing but this folder.
 *
 * No more threads may use it at once than it holds messages, or than
 * SCQ_THREADS, whichever is more.
 *
 *	struct scq queue;
 *
 *	scq_init(&queue, 1000);
 *	scq_push(&queue, word);
 *	scq_pop(&queue, &word);
 *
 * A message is any 64-bit word. All threads use the queue itself.
 *
 * How it works. Words lie in an array. Two rings of indices into it, `free` and
 * `used`, pass them around: a push takes an index from `free`, stores its word
 * there, and puts the index on `used`; a pop the other way round. No index is
 * twice in the rings, so neither can overflow: each has 2n entries for at most
 * n indices.
 *
 * A ring of indices: fetch-and-add on `tail` (or `head`) gives a ticket, hence
 * an entry and a cycle, the ticket's number of laps. An entry holds the cycle
 * it was last used in, an index or NONE, and whether it is safe. By
 * compare-and-swap
 *
 * - a putter fills an entry of an earlier cycle that holds NONE. If it may not,
 *   it takes another ticket; no taker can be waiting for it.
 * - a taker that comes before its putter raises an empty entry to its own
 *   cycle, so that the putter of that ticket, who is late, cannot fill it any
 *   more; or it marks an entry that still holds an old index as not safe: then
 *   it may be filled only while `head` has not passed, for its taker has gone.
 *
 * Takers could chase each other through an empty ring for ever and drive
 * putters ahead of them. So `threshold`, set to 3n - 1 by each put and counted
 * down by each fruitless take, ends that: an index that was put is at most 3n -
 * 1 tickets away (the 2n entries, and n - 1 takers ahead of the last one), so
 * below zero there is nothing. This holds for n threads at most: each may count
 * down once, late, for a ticket that was drawn before the put. Hence n is not
 * simply the capacity, but SCQ_THREADS at least.
 *
 * Why it is right: the paper proves it for sequentially consistent operations.
 * Of these, tickets, threshold and head are so here. Entries: a put's
 * compare-and-swap releases, and a take's load acquires, which makes the word
 * in the array visible with its index; and so back again by `free`, so that no
 * word is overwritten before it was read. Without them an index could arrive
 * before its word.
 *
 * A ticket's cycle wraps after 2^63 operations of a ring; comparisons are of
 * differences, so that only entries 2^62 cycles apart would be mistaken.
 *
 * Progress: push and pop are lock-free: in each loop, a thread that must go
 * round again has been overtaken by one that got on. "Empty" is exact. "Full"
 * counts what threads have in their hands: a suspended pop still has its slot.
 */
#ifndef SCQ_H
#define SCQ_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_memory.h"

enum {
	SCQ_THREADS = 256, /* at once, at least; a power of two */
};

/* A ring of indices. */
struct scq_ring {
	uint64_t *entries RINGBENCH_ALIGNED; /* this line is only read */
	uint64_t size;			     /* 2n, a power of two */
	uint64_t tail RINGBENCH_ALIGNED;
	uint64_t head RINGBENCH_ALIGNED;
	int64_t threshold RINGBENCH_ALIGNED;
};

struct scq {
	struct scq_ring free;
	struct scq_ring used;
	uint64_t *words;
	size_t capacity;
};

/*
 * An entry: cycle in the upper bits, then one bit for safe, then the index. No
 * index is as large as all ones, which is NONE; so an OR empties an entry.
 */
static RINGBENCH_INLINE uint64_t scq_none(const struct scq_ring *ring)
{
	return ring->size - 1;
}

static RINGBENCH_INLINE uint64_t scq_safe(const struct scq_ring *ring)
{
	return ring->size;
}

static RINGBENCH_INLINE uint64_t scq_cycle(const struct scq_ring *ring,
					   uint64_t entry)
{
	return entry & ~(2 * ring->size - 1);
}

static RINGBENCH_INLINE uint64_t
scq_cycle_of_ticket(const struct scq_ring *ring, uint64_t ticket)
{
	return scq_cycle(ring, ticket * 2);
}

/* Whether cycle or ticket a is before b. */
static RINGBENCH_INLINE bool scq_before(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b) < 0;
}

static RINGBENCH_INLINE uint64_t *scq_entry(struct scq_ring *ring,
					    uint64_t ticket)
{
	return &ring->entries[ticket & (ring->size - 1)];
}

/* Starts with `count` indices from 0 in it. `first` is the first ticket. */
static inline void scq_ring_start(struct scq_ring *ring, uint64_t count,
				  uint64_t first)
{
	uint64_t cycle = scq_cycle_of_ticket(ring, first);

	first &= ~(ring->size - 1);
	for (uint64_t i = 0; i < ring->size; i++)
		ring->entries[i] = (cycle - 2 * ring->size) | scq_safe(ring) |
				   scq_none(ring);
	for (uint64_t i = 0; i < count; i++)
		*scq_entry(ring, i) = cycle | scq_safe(ring) | i;
	ring->head = first;
	ring->tail = first + count;
	ring->threshold = count ? (int64_t)(ring->size / 2 * 3 - 1) : -1;
}

static inline int scq_ring_init(struct scq_ring *ring, size_t n)
{
	ring->size = 2 * (uint64_t)n;
	ring->entries = (uint64_t *)ringbench_alloc_lines(ring->size *
							  sizeof(uint64_t));
	return ring->entries ? 0 : -ENOMEM;
}

static inline void scq_free(struct scq *queue)
{
	free(queue->words);
	free(queue->free.entries);
	free(queue->used.entries);
}

/*
 * Prepares the queue for `capacity` messages, from 1 up. `first` is the number
 * of the first message; any will do, 0 is as good as others. Returns 0, -EINVAL
 * or -ENOMEM. The queue must lie on a line of its own: a variable or
 * ringbench_alloc_lines().
 */
static inline int scq_init(struct scq *queue, size_t capacity, uint64_t first)
{
	size_t n = SCQ_THREADS;

	if (capacity == 0 || capacity > SIZE_MAX / 64)
		return -EINVAL;
	while (n < capacity)
		n *= 2;
	memset(queue, 0, sizeof(*queue));
	queue->capacity = capacity;
	queue->words = (uint64_t *)ringbench_alloc_lines(capacity *
							 sizeof(*queue->words));
	if (!queue->words || scq_ring_init(&queue->free, n) ||
	    scq_ring_init(&queue->used, n)) {
		scq_free(queue);
		return -ENOMEM;
	}
	scq_ring_start(&queue->free, queue->capacity, first);
	scq_ring_start(&queue->used, 0, first);
	return 0;
}

/* Puts an index; there is always room. */
static RINGBENCH_INLINE void scq_index_push(struct scq_ring *ring,
					    uint64_t index)
{
	const int64_t most = (int64_t)(ring->size / 2 * 3 - 1);

	for (;;) {
		uint64_t ticket = __atomic_fetch_add(&ring->tail, 1,
						     __ATOMIC_SEQ_CST);
		uint64_t cycle = scq_cycle_of_ticket(ring, ticket);
		uint64_t *at = scq_entry(ring, ticket);
		uint64_t entry;

		RINGBENCH_TEST_DELAY();
		entry = ringbench_load_acquire(at);
		while (scq_before(scq_cycle(ring, entry), cycle) &&
		       (entry & scq_none(ring)) == scq_none(ring) &&
		       (entry & scq_safe(ring) ||
			!scq_before(ticket,
				    __atomic_load_n(&ring->head,
						    __ATOMIC_SEQ_CST)))) {
			if (!__atomic_compare_exchange_n(
				    at, &entry, cycle | scq_safe(ring) | index,
				    true, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
				continue;
			if (__atomic_load_n(&ring->threshold,
					    __ATOMIC_SEQ_CST) != most)
				__atomic_store_n(&ring->threshold, most,
						 __ATOMIC_SEQ_CST);
			return;
		}
	}
}

/* Takers have passed the tail: moves it on, so that putters need not. */
static __attribute__((noinline, unused)) void
scq_catch_up(struct scq_ring *ring, uint64_t tail, uint64_t head)
{
	while (!__atomic_compare_exchange_n(&ring->tail, &tail, head, true,
					    __ATOMIC_SEQ_CST,
					    __ATOMIC_SEQ_CST)) {
		head = __atomic_load_n(&ring->head, __ATOMIC_SEQ_CST);
		tail = __atomic_load_n(&ring->tail, __ATOMIC_SEQ_CST);
		if (!scq_before(tail, head))
			return;
	}
}

/* Takes an index. False when there is none. */
static RINGBENCH_INLINE bool scq_index_pop(struct scq_ring *ring,
					   uint64_t *index)
{
	if (__atomic_load_n(&ring->threshold, __ATOMIC_SEQ_CST) < 0)
		return false;
	for (;;) {
		uint64_t ticket = __atomic_fetch_add(&ring->head, 1,
						     __ATOMIC_SEQ_CST);
		uint64_t cycle = scq_cycle_of_ticket(ring, ticket);
		uint64_t *at = scq_entry(ring, ticket);
		uint64_t entry, passed, tail;

		RINGBENCH_TEST_DELAY();
		entry = ringbench_load_acquire(at);
		do {
			if (RINGBENCH_LIKELY(scq_cycle(ring, entry) == cycle)) {
				/* Nobody else takes from this entry in this
				 * cycle; its result is not needed. */
				__atomic_fetch_or(at, scq_none(ring),
						  __ATOMIC_ACQ_REL);
				*index = entry & scq_none(ring);
				return true;
			}
			passed = entry & ~scq_safe(ring);
			if ((entry & scq_none(ring)) == scq_none(ring))
				passed = cycle | (entry & scq_safe(ring)) |
					 scq_none(ring);
		} while (scq_before(scq_cycle(ring, entry), cycle) &&
			 !__atomic_compare_exchange_n(at, &entry, passed, true,
						      __ATOMIC_ACQ_REL,
						      __ATOMIC_ACQUIRE));
		tail = __atomic_load_n(&ring->tail, __ATOMIC_SEQ_CST);
		if (!scq_before(ticket + 1, tail)) {
			scq_catch_up(ring, tail, ticket + 1);
			__atomic_fetch_sub(&ring->threshold, 1,
					   __ATOMIC_SEQ_CST);
			return false;
		}
		if (__atomic_fetch_sub(&ring->threshold, 1, __ATOMIC_SEQ_CST) <=
		    0)
			return false;
	}
}

/* Puts a word. False when the queue is full. */
static RINGBENCH_INLINE bool scq_push(struct scq *queue, uint64_t word)
{
	uint64_t index;

	if (!scq_index_pop(&queue->free, &index))
		return false;
	RINGBENCH_TEST_DELAY();
	queue->words[index] = word;
	scq_index_push(&queue->used, index);
	return true;
}

/* Takes a word. False when the queue is empty. */
static RINGBENCH_INLINE bool scq_pop(struct scq *queue, uint64_t *word)
{
	uint64_t index;

	if (!scq_index_pop(&queue->used, &index))
		return false;
	*word = queue->words[index];
	RINGBENCH_TEST_DELAY();
	scq_index_push(&queue->free, index);
	return true;
}

/* True when a pop would find nothing. It claims nothing, and may be outdated.
 */
static RINGBENCH_INLINE bool scq_is_empty(const struct scq *queue)
{
	return __atomic_load_n(&queue->used.threshold, __ATOMIC_SEQ_CST) < 0 ||
	       !scq_before(ringbench_load_acquire(&queue->used.head),
			   ringbench_load_acquire(&queue->used.tail));
}

#endif
