/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring for any number of producers and consumers, first in, first out. While
 * some threads are suspended, the others can push and pop (see Progress below).
 * Ruslan Nikolaev, "A Scalable, Portable, and Memory-Efficient Lock-Free FIFO
 * Queue", DISC 2019. C11 and C++11, gcc and clang. Define RINGBENCH_CHECK to
 * find misuse: see ringbench_check.h.
 *
 *	static struct scq queue;
 *
 *	if (scq_init(&queue, 1000, 0))
 *		return 1;
 *	scq_push(&queue, 42);
 *	scq_pop(&queue, &word);
 *	scq_free(&queue);
 *
 * A message is any 64-bit word. All threads use the same `struct scq`; no
 * thread needs a handle of its own. The number of threads inside push or pop at
 * the same time must not exceed SCQ_THREADS or the capacity, whichever is
 * larger.
 *
 * How it works. The words lie in an array. Two rings, `free` and `used`,
 * contain indices into this array. A push takes an index from `free`, stores
 * its word at this index, and puts the index into `used`. A pop takes an index
 * from `used`, reads the word, and puts the index into `free`. Each index is in
 * one of the rings at most once, and each ring has twice as many entries as
 * there are indices, so no ring can overflow.
 *
 * In a ring of indices, fetch-and-add on `tail` (to put) or `head` (to take)
 * draws a ticket. The ticket selects an entry and a cycle, which is the number
 * of laps so far. An entry holds the cycle of its last use, an index or NONE,
 * and a bit `safe`. Threads change an entry by compare-and-swap:
 *
 * - A putter is a thread that puts an index. It fills an entry that holds NONE
 *   and has an earlier cycle. If the putter may not fill the entry, it draws
 *   another ticket. No taker waits for the ticket that was given up.
 * - A taker can reach an entry before the putter with the same ticket. If the
 *   entry is empty, the taker sets it to the cycle of its ticket, so that the
 *   putter cannot fill it any more. If the entry holds an old index, the taker
 *   marks the entry as not safe. A putter may fill an entry that is not safe
 *   only while `head` has not passed the putter's ticket, because afterwards
 *   the taker with this ticket has already left.
 *
 * In an empty ring, takers could draw new tickets for ever and keep ahead of
 * the putters. `threshold` ends these tries. Each put sets `threshold` to
 * 3n - 1. Each take that finds an empty entry subtracts 1. A taker reaches an
 * index in the ring after at most 3n - 1 tickets: 2n entries, and n - 1 other
 * takers with earlier tickets. So a negative `threshold` means that the ring is
 * empty. A taker whose ticket is older than the put may subtract 1 after the
 * put. Each thread can do this once, so the limit 3n - 1 holds for at most n
 * threads. Therefore n is the capacity, but at least SCQ_THREADS.
 *
 * Why it is correct. The paper proves the algorithm for sequentially consistent
 * operations. In this implementation tickets, `head`, `tail` in takes, and
 * `threshold` are sequentially consistent. The compare-and-swap of a put
 * releases, and the load of a take acquires: this pair makes the word in the
 * array visible together with its index. Without this pair, an index could
 * arrive before its word. In the ring `free`, such a pair makes sure that a
 * word has been read before a push overwrites it.
 *
 * Cycles are compared by their difference, which is wrong only if an entry is
 * 2^62 cycles old.
 *
 * Progress: lock-free while fewer threads are suspended inside an operation
 * than the capacity. If as many threads as the capacity are suspended, they
 * stop the others, so the strict class is blocking.
 * - While a thread is suspended, nobody can use the index that it holds, or the
 *   index that its ticket selects. With k suspended threads the other threads
 *   have a queue of capacity - k.
 * - With capacity 1, one suspended thread stops all others: their pushes find
 *   "full" and their pops find "empty".
 * - A pop that is suspended after it drew a ticket owns the message of that
 *   ticket, so no other thread can pop that message. If its thread is killed,
 *   the message and its place are lost.
 *
 * "Empty" is exact. "Full" is not: places of suspended threads count as used.
 */
#ifndef SCQ_H
#define SCQ_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_check.h"
#include "ringbench_memory.h"

enum {
	SCQ_THREADS = 256, /* the lowest limit of threads; a power of two */
};

/* A ring of indices. */
struct scq_ring {
	uint64_t *entries RINGBENCH_ALIGNED; /* written by init only */
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
#ifdef RINGBENCH_CHECK
	uint64_t inside RINGBENCH_ALIGNED; /* threads in push or pop */
#endif
};

/*
 * An entry: the cycle in the upper bits, then the bit `safe`, then the index.
 * NONE has all bits of the index set, and no index is that large. So an OR with
 * NONE empties an entry.
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

/* Whether cycle or ticket a comes before b. */
static RINGBENCH_INLINE bool scq_before(uint64_t a, uint64_t b)
{
	return RINGBENCH_CAST(int64_t, a - b) < 0;
}

static RINGBENCH_INLINE uint64_t *scq_entry(struct scq_ring *ring,
					    uint64_t ticket)
{
	return &ring->entries[ticket & (ring->size - 1)];
}

/* The value of `threshold` after a put: 3n - 1. */
static RINGBENCH_INLINE int64_t scq_most(const struct scq_ring *ring)
{
	return RINGBENCH_CAST(int64_t, ring->size / 2 * 3 - 1);
}

/* Begins with the indices 0 to count - 1. `first` is the first ticket. */
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
	ring->threshold = count ? scq_most(ring) : -1;
}

static inline int scq_ring_init(struct scq_ring *ring, size_t n)
{
	ring->size = 2 * RINGBENCH_CAST(uint64_t, n);
	ring->entries = RINGBENCH_CAST(
		uint64_t *, ringbench_alloc_lines(2 * n * sizeof(uint64_t)));
	return ring->entries ? 0 : -ENOMEM;
}

static inline void scq_free(struct scq *queue)
{
	free(queue->words);
	free(queue->free.entries);
	free(queue->used.entries);
}

/*
 * Prepares a queue for exactly `capacity` messages, at least 1. `first` is the
 * number of the first message: 0, except in tests. Returns 0, -ENOMEM, or
 * -EINVAL for a capacity of 0 or a queue that is not aligned. A variable is
 * aligned, and so is memory from ringbench_alloc_lines(). Memory from malloc(),
 * and from new before C++17, is not.
 */
static inline int scq_init(struct scq *queue, size_t capacity, uint64_t first)
{
	size_t n = SCQ_THREADS;

	if (capacity == 0 || capacity > SIZE_MAX / 64 ||
	    !ringbench_is_aligned(queue))
		return -EINVAL;
	while (n < capacity)
		n *= 2;
	memset(queue, 0, sizeof(*queue));
	queue->capacity = capacity;
	queue->words = RINGBENCH_CAST(
		uint64_t *,
		ringbench_alloc_lines(capacity * sizeof(*queue->words)));
	if (!queue->words || scq_ring_init(&queue->free, n) ||
	    scq_ring_init(&queue->used, n)) {
		scq_free(queue);
		return -ENOMEM;
	}
	scq_ring_start(&queue->free, queue->capacity, first);
	scq_ring_start(&queue->used, 0, first);
	return 0;
}

/* Puts an index into a ring. A ring always has a free entry. */
static RINGBENCH_INLINE void scq_index_push(struct scq_ring *ring,
					    uint64_t index)
{
	const int64_t most = scq_most(ring);

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

/* Takers have passed `tail`. Moves `tail` to `head`, so that putters do not
 * draw tickets that takers have passed. */
static RINGBENCH_RARE void scq_catch_up(struct scq_ring *ring, uint64_t tail,
					uint64_t head)
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

/* Takes an index from a ring. Returns false when the ring is empty. */
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
				/* Only this thread takes from this entry in
				 * this cycle. */
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

#ifdef RINGBENCH_CHECK
static inline void scq_enter(struct scq *queue)
{
	RINGBENCH_EXPECT(ringbench_fetch_add_relaxed(&queue->inside, 1U) <
				 queue->used.size / 2,
			 "more threads use a queue at once than it allows");
}

static inline void scq_leave(struct scq *queue)
{
	__atomic_fetch_sub(&queue->inside, 1, __ATOMIC_RELAXED);
}
#endif

/* Pushes a word. Returns false when the queue is full. */
static RINGBENCH_INLINE bool scq_push(struct scq *queue, uint64_t word)
{
	uint64_t index;
	bool done;

	RINGBENCH_CHECKED(scq_enter(queue));
	done = scq_index_pop(&queue->free, &index);
	if (done) {
		RINGBENCH_TEST_DELAY();
		queue->words[index] = word;
		scq_index_push(&queue->used, index);
	}
	RINGBENCH_CHECKED(scq_leave(queue));
	return done;
}

/* Pops a word. Returns false when the queue is empty. */
static RINGBENCH_INLINE bool scq_pop(struct scq *queue, uint64_t *word)
{
	uint64_t index;
	bool done;

	RINGBENCH_CHECKED(scq_enter(queue));
	done = scq_index_pop(&queue->used, &index);
	if (done) {
		*word = queue->words[index];
		RINGBENCH_TEST_DELAY();
		scq_index_push(&queue->free, index);
	}
	RINGBENCH_CHECKED(scq_leave(queue));
	return done;
}

/*
 * For any thread: whether a pop would find nothing. Takes nothing from the
 * queue. The answer may be outdated at once.
 *
 * `head` is loaded first. While a message with ticket t is in the ring, t is
 * not before `head`, and `tail` is after t. `tail` only rises, so a later load
 * of it is after t, too. In the other order, pushes and pops between the two
 * loads could move `head` beyond the old `tail`, and a queue that is never
 * empty would seem empty.
 */
static RINGBENCH_INLINE bool scq_is_empty(const struct scq *queue)
{
	uint64_t head, tail;

	if (ringbench_load_seq_cst(&queue->used.threshold) < 0)
		return true;
	head = ringbench_load_acquire(&queue->used.head);
	RINGBENCH_TEST_DELAY();
	tail = ringbench_load_acquire(&queue->used.tail);
	return !scq_before(head, tail);
}

/*
 * For monitoring by any thread: how many messages are in the queue. It changes
 * nothing. While the queue is in use the result may be outdated or too high,
 * since it counts tickets, but lies between 0 and the capacity.
 */
static RINGBENCH_NOINLINE size_t scq_size(const struct scq *queue)
{
	uint64_t head = ringbench_load_acquire(&queue->used.head);
	uint64_t tail = ringbench_load_acquire(&queue->used.tail);

	if (!scq_before(head, tail))
		return 0;
	return tail - head < queue->capacity
		       ? RINGBENCH_CAST(size_t, tail - head)
		       : queue->capacity;
}

#endif
