/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring for one producer and one consumer, for high throughput and for short
 * round trips. C11 and C++11, gcc and clang. Define RINGBENCH_CHECK to find
 * misuse: see ringbench_check.h.
 *
 *	static struct spsc_ring ring;
 *	struct spsc_producer producer;
 *	struct spsc_consumer consumer;
 *
 *	if (spsc_ring_init(&ring, 1000))
 *		return 1;
 *	spsc_producer_open(&producer, &ring);	(in the producer's thread)
 *	spsc_push(&producer, 42);
 *	spsc_consumer_open(&consumer, &ring);	(in the consumer's thread)
 *	spsc_pop(&consumer, &word);
 *	spsc_ring_free(&ring);
 *
 * A message is a 64-bit word other than 0. Each end is used by one thread at a
 * time. A thread that takes over an end from another thread opens it again. The
 * ring serves one process: between processes, also after fork(), use
 * spsc_value_ring.h.
 *
 * How it works. The time of an operation is the time for moving cache lines
 * from one CPU to the other, so the design shares as few lines as possible:
 *
 * - An empty slot is 0, so a slot itself shows whether it holds a message. The
 *   producer clears the slots, one group of cache lines ahead of the slot that
 *   it writes. It owns these lines anyway. The consumer writes to no slot. (In
 *   FastForward, PPoPP 2008, the consumer clears the slots, and each line
 *   travels back.)
 * - The producer does everything else once for each group: it publishes the
 *   index `tail` when it begins a group (as in MCRingBuffer, IPDPS 2010), and
 *   then clears the next group. A processor of the x86 family makes stores
 *   visible in their order. Several stores to one line in a row are cheap; a
 *   store to another line between them is not. So the fewer groups there are,
 *   the faster is the producer. A small ring needs small groups.
 * - A consumer with a backlog reads `tail` rarely and then knows of many
 *   messages. It finds messages that `tail` does not count yet by looking into
 *   the slots, so no message is hidden from it.
 * - A consumer that has caught up would read the lines that the producer is
 *   writing, and `tail`, and take them away from the producer at each message.
 *   If the last messages came without a break, the consumer pauses a few times,
 *   as long as more messages arrive meanwhile. So a backlog of some lines
 *   builds up. A consumer that waits for single messages looks at once, so a
 *   round trip moves one line in each direction.
 * - The consumer stores `head` with each message. The producer reads that line
 *   only when it has used up the room that it knows of.
 * - The consumer prefetches the lines that it will need soon. The producer does
 *   not: its stores wait in the store buffer of the CPU.
 *
 * Why it is correct. Slot i is the slot of message i. The terms are C11's.
 *
 * 1. A word arrives with everything that was written before its push. The
 *    producer stores slot i with release. The consumer loads slot i with
 *    acquire and finds a word other than 0: these two pair. If the consumer
 *    knows of message i from `tail` instead, its acquire load of `tail` pairs
 *    with the producer's release store of `tail`, which follows slot i. Then
 *    the slot itself is loaded without order.
 *    Without this, a word could arrive before the object that it points to.
 * 2. No word of the previous lap is read. The consumer looks into slot i + 1
 *    only after it has taken message i as in 1, or if it knows of message i + 1
 *    from `tail`. The producer has cleared slot i + 1 before it stored slot i:
 *    it clears a group when it begins the group before it. So the clearing
 *    happens before the look, and need not be atomic.
 * 3. No slot is overwritten before it was read. The consumer stores `head` with
 *    release after it has read the slots before `head`; the producer loads
 *    `head` with acquire. The producer fills no slot at or after
 *    head + capacity. The last slot that it clears is up to two groups less one
 *    slot later, and the ring has that many slots more than its capacity.
 *    Without this, the producer could clear a slot before it was read.
 *
 * Progress: push and pop are wait-free without condition. They have no loop
 * without a constant bound, and a suspended thread never delays the other one.
 * "Empty" and "full" are exact.
 */
#ifndef SPSC_RING_H
#define SPSC_RING_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_check.h"
#include "ringbench_memory.h"

enum {
	SPSC_LINE = 8,	      /* slots in a cache line of 64 bytes */
	SPSC_GROUP = 128,     /* most slots in a group */
	SPSC_STRETCH = 16,    /* most slots that one look makes known */
	SPSC_READ_AHEAD = 64, /* slots from the read to its prefetch */
	/* A consumer pauses if its backlog is smaller than SPSC_CUSHION. */
	SPSC_CUSHION = 128,
	SPSC_CUSHION_TRIES = 4,	 /* looks at the backlog, between pauses */
	SPSC_CUSHION_PAUSES = 4, /* pause instructions before a look */
};

struct spsc_ring {
	/*
	 * Only spsc_ring_init() writes these. Slot i is slots[i % count]; count
	 * is a multiple of `group`, which is a power of two and at least
	 * SPSC_LINE. (Message numbers wrap after 2^64 messages: 500 years at
	 * 1 G messages/s.)
	 */
	uint64_t *slots RINGBENCH_ALIGNED;
	uint64_t *end;
	uint64_t count;
	uint64_t capacity;
	size_t group;	 /* SPSC_GROUP slots, or less in small rings */
	int64_t cushion; /* SPSC_CUSHION, or less in small rings */
	int tries;	 /* SPSC_CUSHION_TRIES, or 0 in small rings */
	uint64_t tail RINGBENCH_ALIGNED; /* messages before the last group */
	uint64_t head RINGBENCH_ALIGNED; /* messages taken */
#ifdef RINGBENCH_CHECK
	uint32_t producers RINGBENCH_ALIGNED; /* that were opened */
	uint32_t consumers;
	pid_t process; /* that made the ring */
#endif
};

/* The producer's end. As a local variable it can live in registers. */
struct spsc_producer {
	struct spsc_ring *ring;
	uint64_t *at;	      /* the slot to fill next */
	uint64_t *stop;	      /* end of the slots that may be filled */
	uint64_t stop_number; /* number of the message for `stop` */
	uint64_t head_seen;   /* an earlier value of head */
#ifdef RINGBENCH_CHECK
	struct ringbench_user user;
#endif
};

/* The consumer's end. */
struct spsc_consumer {
	struct spsc_ring *ring;
	uint64_t *at;	    /* the slot to read next */
	uint64_t *sure;	    /* end of the slots that are known to be filled */
	uint64_t taken;	    /* number of the message in `at` */
	uint64_t tail_seen; /* an earlier value of tail */
	uint64_t dry;	    /* number of the message that was last waited for */
#ifdef RINGBENCH_CHECK
	struct ringbench_user user;
#endif
};

/*
 * Prepares a ring for exactly `capacity` messages, at least 1. Returns 0,
 * -ENOMEM, or -EINVAL for a capacity of 0 or a ring that is not aligned. A
 * variable is aligned, and so is memory from ringbench_alloc_lines(). Memory
 * from malloc(), and from new before C++17, is not.
 */
static inline int spsc_ring_init(struct spsc_ring *ring, size_t capacity)
{
	size_t group;

	if (capacity == 0 || capacity > SIZE_MAX / 32 ||
	    !ringbench_is_aligned(ring))
		return -EINVAL;
	memset(ring, 0, sizeof(*ring));
	RINGBENCH_CHECKED(ring->process = getpid());
	group = SPSC_LINE;
	while (group < SPSC_GROUP && group * 8 <= capacity)
		group *= 2;
	ring->capacity = capacity;
	ring->group = group;
	ring->cushion = capacity < 8 * SPSC_CUSHION
				? RINGBENCH_CAST(int64_t, capacity / 8)
				: RINGBENCH_CAST(int64_t, SPSC_CUSHION);
	/* In a small ring the producer has no room for a backlog. */
	ring->tries = capacity >= 8 * SPSC_LINE ? SPSC_CUSHION_TRIES : 0;
	/* The messages, the rest of the last group, the next group; see 3. */
	ring->count = (capacity + 3 * group - 2) / group * group;
	ring->slots = RINGBENCH_CAST(
		uint64_t *,
		ringbench_alloc_lines(ring->count * sizeof(*ring->slots)));
	if (!ring->slots)
		return -ENOMEM;
	ring->end = ring->slots + ring->count;
	return 0;
}

static inline void spsc_ring_free(struct spsc_ring *ring)
{
	free(ring->slots);
}

/* The slot that lies `distance` slots further on, less than one lap. */
static RINGBENCH_INLINE uint64_t *spsc_ahead(const struct spsc_ring *ring,
					     uint64_t *slot, ptrdiff_t distance)
{
	ptrdiff_t left = ring->end - slot;

	return distance < left ? slot + distance
			       : ring->slots + (distance - left);
}

/*
 * How many messages there are after `tail`, at most one group. They lie in one
 * group, so they do not wrap. The result is exact for the producer's thread.
 */
static RINGBENCH_NOINLINE RINGBENCH_RACES size_t
spsc_after_tail(const struct spsc_ring *ring, uint64_t tail)
{
	const volatile uint64_t *slots = ring->slots + tail % ring->count;
	size_t found = 0;

	while (found < ring->group && slots[found] != 0)
		found++;
	return found;
}

/* Opens the producer's end, where the previous producer left it. */
static RINGBENCH_INLINE void spsc_producer_open(struct spsc_producer *p,
						struct spsc_ring *ring)
{
	uint64_t tail = ringbench_load_acquire(&ring->tail);
	uint64_t number = tail + spsc_after_tail(ring, tail);

	p->ring = ring;
	p->at = p->stop = ring->slots + tail % ring->count + (number - tail);
	p->stop_number = number;
	p->head_seen = ringbench_load_acquire(&ring->head);
	RINGBENCH_CHECKED(ringbench_process_check(ring->process));
	RINGBENCH_CHECKED(ringbench_user_open(&p->user, &ring->producers));
}

/* For other headers: opens a consumer's end that is not counted as one. */
static RINGBENCH_INLINE void spsc_consumer_start(struct spsc_consumer *c,
						 struct spsc_ring *ring)
{
	c->ring = ring;
	c->taken = c->tail_seen = c->dry = ringbench_load_acquire(&ring->head);
	c->at = c->sure = ring->slots + c->taken % ring->count;
	RINGBENCH_CHECKED(ringbench_process_check(ring->process));
	RINGBENCH_CHECKED(ringbench_user_open(&c->user, NULL));
}

/* Opens the consumer's end, where the previous consumer left it. */
static RINGBENCH_INLINE void spsc_consumer_open(struct spsc_consumer *c,
						struct spsc_ring *ring)
{
	spsc_consumer_start(c, ring);
	RINGBENCH_CHECKED(ringbench_user_open(&c->user, &ring->consumers));
}

/*
 * For monitoring by any thread: how many messages are in the ring. It changes
 * nothing, and costs the other threads no more than a reader of the lines that
 * it reads: two, and those of a group. While the ring is in use the result may
 * be outdated, but lies between 0 and the capacity.
 *
 * The producer may clear the group at `tail` at the same moment, without atomic
 * stores. The words are only compared with 0, so the worst case is a result
 * that is wrong by a group.
 */
static inline size_t spsc_size(const struct spsc_ring *ring)
{
	uint64_t head = ringbench_load_acquire(&ring->head);
	uint64_t tail = ringbench_load_acquire(&ring->tail);
	uint64_t size = tail - head + spsc_after_tail(ring, tail);

	if (RINGBENCH_CAST(int64_t, size) < 0)
		return 0;
	return RINGBENCH_CAST(size_t,
			      size < ring->capacity ? size : ring->capacity);
}

/* The number of the message that is pushed next. */
static RINGBENCH_INLINE uint64_t spsc_next(const struct spsc_producer *p)
{
	return p->stop_number - RINGBENCH_CAST(uint64_t, p->stop - p->at);
}

/*
 * Rare part of a push: the producer is at its stop. Finds room for more
 * messages, up to the end of the group. Returns false when the ring is full.
 */
static RINGBENCH_INLINE bool spsc_go_on(struct spsc_producer *p)
{
	struct spsc_ring *ring = p->ring;
	uint64_t room = ring->capacity - (p->stop_number - p->head_seen);
	size_t group = ring->group, left;

	if (RINGBENCH_UNLIKELY(room < group)) {
		p->head_seen = ringbench_load_acquire(&ring->head); /* see 3 */
		room = ring->capacity - (p->stop_number - p->head_seen);
		if (RINGBENCH_UNLIKELY(room == 0))
			return false;
	}
	left = group -
	       (RINGBENCH_CAST(size_t, p->at - ring->slots) & (group - 1));
	if (left == group) { /* begin this group and clear the next one */
		uint64_t *next;

		if (RINGBENCH_UNLIKELY(p->at == ring->end))
			p->at = ring->slots;
		ringbench_store_release(&ring->tail, p->stop_number);
		RINGBENCH_TEST_DELAY();
		next = spsc_ahead(ring, p->at,
				  RINGBENCH_CAST(ptrdiff_t, group));
		for (size_t i = 0; i < group; i += SPSC_LINE)
			memset(next + i, 0, SPSC_LINE * sizeof(*next));
	}
	if (left > room)
		left = room;
	p->stop = p->at + left;
	p->stop_number += left;
	return true;
}

/* Pushes a word other than 0. Returns false when the ring is full. */
static RINGBENCH_INLINE bool spsc_push(struct spsc_producer *p, uint64_t word)
{
	RINGBENCH_CHECKED(ringbench_user_check(&p->user));
	RINGBENCH_EXPECT(word != 0, "the word 0 is pushed");
	if (RINGBENCH_UNLIKELY(p->at == p->stop) && !spsc_go_on(p))
		return false;
	ringbench_store_release(p->at, word); /* see 1 */
	p->at++;
	return true;
}

/*
 * Zero-copy push. Returns how many of the next `count` slots may be filled now,
 * at most up to the end of a group. They begin at *slots. Fill them in
 * order, each with ringbench_store_release() and a word other than 0. The
 * consumer may take each word at once. Then call spsc_filled() with the number
 * of slots that were filled.
 */
static RINGBENCH_INLINE size_t spsc_reserve(struct spsc_producer *p,
					    size_t count, uint64_t **slots)
{
	size_t left;

	RINGBENCH_CHECKED(ringbench_user_check(&p->user));
	if (p->at == p->stop && (count == 0 || !spsc_go_on(p)))
		return 0;
	*slots = p->at;
	left = RINGBENCH_CAST(size_t, p->stop - p->at);
	return count < left ? count : left;
}

static RINGBENCH_INLINE void spsc_filled(struct spsc_producer *p, size_t count)
{
	RINGBENCH_EXPECT(RINGBENCH_CAST(size_t, p->stop - p->at) >= count,
			 "more slots are filled than were reserved");
	p->at += count;
}

/* Pushes as many of `count` words as there is room for; returns how many. */
static RINGBENCH_INLINE size_t spsc_push_bulk(struct spsc_producer *p,
					      const uint64_t *words,
					      size_t count)
{
	size_t done = 0, n;
	uint64_t *slots;

	while ((n = spsc_reserve(p, count - done, &slots)) != 0) {
		for (size_t i = 0; i < n; i++) {
			RINGBENCH_EXPECT(words[done + i] != 0,
					 "the word 0 is pushed");
			ringbench_store_release(&slots[i], words[done + i]);
		}
		spsc_filled(p, n);
		done += n;
	}
	return done;
}

/*
 * For a consumer that has caught up while messages come without a break: pauses
 * while the backlog is small and grows. Returns the backlog that `tail` shows.
 */
static RINGBENCH_INLINE int64_t spsc_backlog(struct spsc_consumer *c)
{
	struct spsc_ring *ring = c->ring;
	int64_t more = 0, before;

	for (int tries = 0;; tries++) {
		before = more;
		c->tail_seen = ringbench_load_acquire(&ring->tail); /* see 1 */
		more = RINGBENCH_CAST(int64_t, c->tail_seen - c->taken);
		if (more >= ring->cushion || tries == ring->tries ||
		    (tries != 0 && more <= before) || c->taken - c->dry <= 1)
			return more;
		for (int i = 0; i < SPSC_CUSHION_PAUSES; i++)
			ringbench_pause();
	}
}

/*
 * Rare part of a pop: the consumer has read all slots that it knows to be
 * filled. Looks for more. Returns the next word, or 0 when the ring is empty.
 */
static RINGBENCH_INLINE uint64_t spsc_look(struct spsc_consumer *c)
{
	struct spsc_ring *ring = c->ring;
	int64_t more = RINGBENCH_CAST(int64_t, c->tail_seen - c->taken);
	uint64_t *line_end, word;

	if (RINGBENCH_UNLIKELY(c->at == ring->end))
		c->at = c->sure = ring->slots;
	if (more <= 0) {
		more = spsc_backlog(c);
		for (ptrdiff_t i = SPSC_LINE; i < more && i < SPSC_READ_AHEAD;
		     i += SPSC_LINE)
			ringbench_prefetch_read(spsc_ahead(ring, c->at, i));
	}
	if (more > 0) {
		if (more >= SPSC_READ_AHEAD + SPSC_STRETCH)
			for (int i = 0; i < SPSC_STRETCH; i += SPSC_LINE)
				ringbench_prefetch_read(spsc_ahead(
					ring, c->at, SPSC_READ_AHEAD + i));
		if (more > ring->end - c->at)
			more = ring->end - c->at;
		if (more > SPSC_STRETCH)
			more = SPSC_STRETCH;
		c->sure = c->at + more;
		return ringbench_load_relaxed(c->at);
	}
	word = ringbench_load_acquire(c->at); /* see 1 */
	if (word == 0) {
		c->dry = c->taken;
		return 0;
	}
	/* The other words of this line. */
	line_end = c->at + SPSC_LINE - (c->at - ring->slots) % SPSC_LINE;
	do
		c->sure++;
	while (c->sure != line_end && ringbench_load_acquire(c->sure) != 0);
	return word;
}

/* Gives back the slots of the next `count` words, which were read. */
static RINGBENCH_INLINE void spsc_read(struct spsc_consumer *c, size_t count)
{
	RINGBENCH_EXPECT(RINGBENCH_CAST(size_t, c->sure - c->at) >= count,
			 "more words are given back than were found");
	c->at += count;
	c->taken += count;
	RINGBENCH_TEST_DELAY();
	ringbench_store_release(&c->ring->head, c->taken); /* see 3 */
}

/* Pops a word. Returns false when the ring is empty. */
static RINGBENCH_INLINE bool spsc_pop(struct spsc_consumer *c, uint64_t *word)
{
	uint64_t next;

	RINGBENCH_CHECKED(ringbench_user_check(&c->user));
	if (RINGBENCH_LIKELY(c->at != c->sure))
		next = ringbench_load_relaxed(c->at);
	else if ((next = spsc_look(c)) == 0)
		return false;
	*word = next;
	spsc_read(c, 1);
	return true;
}

/* For the consumer: whether a pop would find nothing. */
static RINGBENCH_INLINE bool spsc_is_empty(struct spsc_consumer *c)
{
	return c->at == c->sure && spsc_look(c) == 0;
}

/*
 * Zero-copy pop. Returns how many words can be read now. They begin at *words
 * and stay there until spsc_read() is called with the number that was read.
 */
static RINGBENCH_INLINE size_t spsc_peek(struct spsc_consumer *c,
					 const uint64_t **words)
{
	RINGBENCH_CHECKED(ringbench_user_check(&c->user));
	if (c->at == c->sure && spsc_look(c) == 0)
		return 0;
	*words = c->at;
	return RINGBENCH_CAST(size_t, c->sure - c->at);
}

/* Pops up to `count` words; returns how many. */
static RINGBENCH_INLINE size_t spsc_pop_bulk(struct spsc_consumer *c,
					     uint64_t *words, size_t count)
{
	size_t done = 0, n;
	const uint64_t *found;

	while (done < count && (n = spsc_peek(c, &found)) != 0) {
		if (n > count - done)
			n = count - done;
		memcpy(words + done, found, n * sizeof(*words));
		spsc_read(c, n);
		done += n;
	}
	return done;
}

#endif
