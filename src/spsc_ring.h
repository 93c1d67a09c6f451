/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring for one producer and one consumer, made for throughput and for short
 * round trips at once. C11 and C++17; needs nothing but this folder.
 *
 *	struct spsc_ring ring;
 *	struct spsc_producer p;			struct spsc_consumer c;
 *
 *	spsc_ring_init(&ring, 1000);
 *	spsc_producer_open(&p, &ring);		spsc_consumer_open(&c, &ring);
 *	spsc_push(&p, word);			spsc_pop(&c, &word);
 *
 * A message is a 64-bit word that is not 0. Either end is one thread's at a
 * time; another one that takes it over opens it again.
 *
 * How it works. What an operation costs is the cache lines that it makes move,
 * so the two sides share as few as they can:
 *
 * - A slot that holds no message is 0. It is the *producer* who clears slots, a
 *   line ahead of where it writes, in lines that it owns anyway; so slots tell
 *   by themselves whether they are filled, and the consumer writes to none (in
 *   FastForward, PPoPP 2008, it clears them, and each line travels back and
 *   forth as often).
 * - The index `tail` is published once a line, when the line behind it is begun
 *   (lazily, as in MCRingBuffer, IPDPS 2010). A consumer with a backlog reads
 *   it once in a long while and then knows many messages to be there. What it
 *   does not show yet the consumer finds in the slots: lazy, but never hidden.
 * - A consumer that has caught up would read the very line that is being
 *   written, and take it away from the producer at each message. If messages
 *   came in succession it gives the producer a few pauses of the processor to
 *   complete a line, and only then looks into the slot. One that waits for
 *   single messages looks at once, so that a round trip moves one line each
 *   way.
 * - `head` is stored with each message that is taken, into a line that nobody
 *   reads until what it said last is used up.
 * - Both sides ask for lines that they will need soon.
 *
 * Why it is right. Let slot i be the slot of message i; all orders in C11
 * terms.
 *
 * 1. Word: the producer stores slot i with release; the consumer that loads it
 *    with acquire and finds it not 0 has what came before the push. If it came
 *    to know of i by `tail`, stored with release after slot i and loaded with
 *    acquire, that load is the pairing one, and the slot needs none.
 * 2. No word is of the last lap. The consumer looks into slot i + 1 only when
 *    it has taken message i by 1, or knows i + 1 by `tail`. Slot i + 1 was
 *    cleared before slot i was stored (its line when the line before it was
 *    begun), so the clearing happens before the look: it needs not even be
 *    atomic.
 * 3. No slot is overwritten unread. `head` is stored with release after the
 *    slots before it were read, and loaded with acquire. The producer fills no
 *    slot beyond head + capacity; the last slot that it clears is 15 beyond
 *    that, and there are so many more slots.
 * 4. Without the acquire or release in 1, a word could arrive before what it
 *    points to; without those in 3, a slot could be cleared before it was read.
 *
 * Progress: push and pop are wait-free: no loop without a constant bound.
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
#include "ringbench_memory.h"

enum {
	SPSC_LINE = 8,		 /* slots in a cache line of 64 bytes */
	SPSC_STRETCH = 16,	 /* slots known by one look, at most */
	SPSC_WRITE_AHEAD = 128,	 /* slots between writing and asking */
	SPSC_READ_AHEAD = 64,	 /* the same for reading */
	SPSC_CUSHION_PAUSES = 4, /* given to the producer to complete a line */
};

struct spsc_ring {
	/* Only read. Slot i is slots[i % count]; count is whole lines. (Numbers
	 * wrap after 2^64 messages, 500 years at 1 G/s: then it is not.) */
	uint64_t *slots RINGBENCH_ALIGNED;
	uint64_t *end;
	uint64_t count;
	uint64_t capacity;
	ptrdiff_t write_ahead;
	int pauses; /* of SPSC_CUSHION_PAUSES */
	uint64_t tail
		RINGBENCH_ALIGNED; /* messages in lines that are complete */
	uint64_t head RINGBENCH_ALIGNED; /* messages taken */
};

/* One end. A local variable of its thread, so that it lives in registers. */
struct spsc_producer {
	struct spsc_ring *ring;
	uint64_t *at;	      /* the slot to fill next */
	uint64_t *stop;	      /* so far there is room, in this line */
	uint64_t stop_number; /* number of the message at `stop` */
	uint64_t head_seen;   /* head, some time ago */
};

struct spsc_consumer {
	struct spsc_ring *ring;
	uint64_t *at;	    /* the slot to empty next */
	uint64_t *sure;	    /* slots before this are known to be filled */
	uint64_t taken;	    /* number of the message at `at` */
	uint64_t tail_seen; /* tail, some time ago */
	uint64_t dry;	    /* number of the message last waited for */
};

/*
 * Prepares the ring for `capacity` messages, from 1 up. Returns 0, -EINVAL or
 * -ENOMEM. The ring must lie on a line of its own: a variable or
 * ringbench_alloc_lines().
 */
static inline int spsc_ring_init(struct spsc_ring *ring, size_t capacity)
{
	uint64_t lines;

	if (capacity == 0 || capacity > SIZE_MAX / 32)
		return -EINVAL;
	memset(ring, 0, sizeof(*ring));
	/* The line that is filled and the next one; see 3. */
	lines = (capacity + 3 * SPSC_LINE - 2) / SPSC_LINE;
	ring->capacity = capacity;
	ring->count = lines * SPSC_LINE;
	ring->slots = (uint64_t *)ringbench_alloc_lines(ring->count *
							sizeof(uint64_t));
	if (!ring->slots)
		return -ENOMEM;
	ring->end = ring->slots + ring->count;
	/* In a small ring, not into lines that are still to be read. */
	ring->write_ahead = capacity >= 4 * SPSC_WRITE_AHEAD ? SPSC_WRITE_AHEAD
							     : SPSC_LINE;
	/* Nor for lines that the producer has hardly room to complete. */
	ring->pauses = capacity >= 8 * SPSC_LINE ? SPSC_CUSHION_PAUSES : 0;
	return 0;
}

static inline void spsc_ring_free(struct spsc_ring *ring)
{
	free(ring->slots);
}

/* The slot so many after this one, less than a lap. */
static RINGBENCH_INLINE uint64_t *spsc_ahead(const struct spsc_ring *ring,
					     uint64_t *slot, ptrdiff_t distance)
{
	ptrdiff_t left = ring->end - slot;

	return distance < left ? slot + distance
			       : ring->slots + (distance - left);
}

/* Takes over the end that pushes, where the last thread left it. */
static RINGBENCH_INLINE void spsc_producer_open(struct spsc_producer *p,
						struct spsc_ring *ring)
{
	uint64_t number = ringbench_load_acquire(&ring->tail);
	uint64_t *line = ring->slots + number % ring->count;
	size_t filled = 0;

	while (filled < SPSC_LINE && ringbench_load_relaxed(&line[filled]) != 0)
		filled++;
	p->ring = ring;
	p->at = p->stop = line + filled;
	p->stop_number = number + filled;
	p->head_seen = ringbench_load_acquire(&ring->head);
}

/* The same for the end that pops. */
static RINGBENCH_INLINE void spsc_consumer_open(struct spsc_consumer *c,
						struct spsc_ring *ring)
{
	c->ring = ring;
	c->taken = c->tail_seen = c->dry = ringbench_load_acquire(&ring->head);
	c->at = c->sure = ring->slots + c->taken % ring->count;
}

/* The number of the message that is pushed next. */
static RINGBENCH_INLINE uint64_t spsc_next(const struct spsc_producer *p)
{
	return p->stop_number - (uint64_t)(p->stop - p->at);
}

/*
 * The producer is at its stop: finds room for some more messages, as far as the
 * line goes. False when the ring is full.
 */
static RINGBENCH_INLINE bool spsc_go_on(struct spsc_producer *p)
{
	struct spsc_ring *ring = p->ring;
	uint64_t room = ring->capacity - (p->stop_number - p->head_seen), left;

	if (RINGBENCH_UNLIKELY(room < SPSC_LINE)) {
		p->head_seen = ringbench_load_acquire(&ring->head); /* see 3 */
		room = ring->capacity - (p->stop_number - p->head_seen);
		if (RINGBENCH_UNLIKELY(room == 0))
			return false;
	}
	left = SPSC_LINE - (uintptr_t)p->at / sizeof(*p->at) % SPSC_LINE;
	if (left == SPSC_LINE) { /* begins a line, and clears the next one */
		uint64_t *next;

		if (RINGBENCH_UNLIKELY(p->at == ring->end))
			p->at = ring->slots;
		ringbench_prefetch_write(
			spsc_ahead(ring, p->at, ring->write_ahead));
		ringbench_store_release(&ring->tail, p->stop_number);
		RINGBENCH_TEST_DELAY();
		next = spsc_ahead(ring, p->at, SPSC_LINE);
		memset(next, 0, SPSC_LINE * sizeof(*next));
	}
	if (left > room)
		left = room;
	p->stop = p->at + left;
	p->stop_number += left;
	return true;
}

/* Puts a word that is not 0. False when the ring is full. */
static RINGBENCH_INLINE bool spsc_push(struct spsc_producer *p, uint64_t word)
{
	if (RINGBENCH_UNLIKELY(p->at == p->stop) && !spsc_go_on(p))
		return false;
	ringbench_store_release(p->at, word); /* see 1 */
	p->at++;
	return true;
}

/*
 * Zero-copy: how many of the next `count` slots can be filled now; they begin
 * at *slots and end with a line at the latest. Fill them in their order, with
 * ringbench_store_release() and words that are not 0; each is passed when it is
 * filled. Then tell by spsc_filled() how many were.
 */
static RINGBENCH_INLINE size_t spsc_reserve(struct spsc_producer *p,
					    size_t count, uint64_t **slots)
{
	size_t left;

	if (p->at == p->stop && (count == 0 || !spsc_go_on(p)))
		return 0;
	*slots = p->at;
	left = (size_t)(p->stop - p->at);
	return count < left ? count : left;
}

static RINGBENCH_INLINE void spsc_filled(struct spsc_producer *p, size_t count)
{
	p->at += count;
}

/* Puts the first of `count` words, as many as there is room for. */
static RINGBENCH_INLINE size_t spsc_push_bulk(struct spsc_producer *p,
					      const uint64_t *words,
					      size_t count)
{
	size_t done = 0, n;
	uint64_t *slots;

	while ((n = spsc_reserve(p, count - done, &slots)) != 0) {
		for (size_t i = 0; i < n; i++)
			ringbench_store_release(&slots[i], words[done + i]);
		spsc_filled(p, n);
		done += n;
	}
	return done;
}

/*
 * The consumer is at the end of what it knows to be there. Finds more, and
 * returns the next word, or 0 if there is none.
 */
static RINGBENCH_INLINE uint64_t spsc_look(struct spsc_consumer *c)
{
	struct spsc_ring *ring = c->ring;
	int64_t more = (int64_t)(c->tail_seen - c->taken);
	uint64_t word;

	if (RINGBENCH_UNLIKELY(c->at == ring->end))
		c->at = c->sure = ring->slots;
	for (int i = 0; more <= 0; i++) {
		c->tail_seen = ringbench_load_acquire(&ring->tail); /* see 1 */
		more = (int64_t)(c->tail_seen - c->taken);
		/* Not for the first message after a wait. */
		if (i == ring->pauses || c->taken - c->dry <= 1)
			break;
		if (more <= 0)
			ringbench_pause();
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
	if (word == 0)
		c->dry = c->taken;
	else
		c->sure = c->at + 1;
	return word;
}

/* The first `count` of the words known to be there have been read. */
static RINGBENCH_INLINE void spsc_read(struct spsc_consumer *c, size_t count)
{
	c->at += count;
	c->taken += count;
	RINGBENCH_TEST_DELAY();
	ringbench_store_release(&c->ring->head, c->taken); /* see 3 */
}

/* Takes a word. False when the ring is empty. */
static RINGBENCH_INLINE bool spsc_pop(struct spsc_consumer *c, uint64_t *word)
{
	uint64_t next;

	if (RINGBENCH_LIKELY(c->at != c->sure))
		next = ringbench_load_relaxed(c->at);
	else if ((next = spsc_look(c)) == 0)
		return false;
	*word = next;
	spsc_read(c, 1);
	return true;
}

static RINGBENCH_INLINE bool spsc_is_empty(struct spsc_consumer *c)
{
	return c->at == c->sure && spsc_look(c) == 0;
}

/*
 * Zero-copy: how many words can be read now; they begin at *words. They stay
 * where they are until spsc_read() tells how many of them were read.
 */
static RINGBENCH_INLINE size_t spsc_peek(struct spsc_consumer *c,
					 const uint64_t **words)
{
	if (c->at == c->sure && spsc_look(c) == 0)
		return 0;
	*words = c->at;
	return (size_t)(c->sure - c->at);
}

/* Takes up to `count` words, as many as are there. */
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
