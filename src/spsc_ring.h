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
 *   it writes. It needs these lines soon anyway. The consumer writes to no
 *   slot. (In FastForward, PPoPP 2008, the consumer clears the slots, and each
 *   line travels back.)
 * - A large ring uses few groups again and again while the consumer keeps up,
 *   so it is as fast as a small one: see spsc_groups.h.
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
 *   only when it has used up the free slots that it knows of, or for each group
 *   of a large ring.
 * - The consumer prefetches the lines that it will need soon. The producer does
 *   not: its stores wait in the store buffer of the CPU.
 *
 * Why it is correct. Slot i is the slot of message i, and slot i + 1 the next
 * one in the order of use. The terms are C11's.
 *
 * 1. A word arrives with everything that was written before its push. The
 *    producer stores slot i with release. The consumer loads slot i with
 *    acquire and finds a word other than 0: these two pair. If the consumer
 *    knows of message i from `tail` instead, its acquire load of `tail` pairs
 *    with the producer's release store of `tail`, which follows slot i. Then
 *    the slot itself is loaded without order.
 *    Without this, a word could arrive before the object that it points to.
 * 2. No word of an earlier use of the slot is read. The consumer looks into
 *    slot i + 1 only after it has taken message i as in 1, or if it knows of
 *    message i + 1 from `tail`. The producer has cleared slot i + 1 before it
 *    stored slot i: it clears a group when it begins the group before it. So
 *    the clearing happens before the look, and need not be atomic. A link is
 *    cleared with its group. The producer stores it with release, and the
 *    consumer loads it with acquire, so the group that the link leads to has
 *    been cleared, too.
 * 3. No slot is overwritten before it was read. The consumer stores `head` with
 *    release after it has read the slots before `head`; the producer loads
 *    `head` with acquire. The producer fills no slot at or after
 *    head + capacity. The last slot that it clears is up to two groups less one
 *    slot later, and a ring without links has that many slots more than its
 *    capacity. spsc_groups.h shows this for a ring with links.
 *    Without this, the producer could clear a slot before it was read.
 *
 * Progress: push and pop are wait-free without condition. They have no loop
 * without a constant bound, and a suspended thread never delays the other one.
 * "Empty" and "full" are exact.
 */
#ifndef SPSC_RING_H
#define SPSC_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_check.h"
#include "spsc_groups.h"

enum {
	SPSC_STRETCH = 32,	 /* most slots that one look makes known */
	SPSC_READ_AHEAD = 64,	 /* slots from the read to its prefetch */
	SPSC_CUSHION_PAUSES = 4, /* pause instructions before a look */
};

/* What only the rare part of a push uses; see spsc_begin(). */
struct spsc_producer_rare {
	struct spsc_ring *ring;
	uint64_t *group_end;  /* end of the messages of the group */
	uint64_t stop_number; /* number of the message for `stop` */
	uint64_t head_seen;   /* an earlier value of head */
};

/* The producer's end. As a local variable it can live in registers. */
struct spsc_producer {
	uint64_t *at;	/* the slot to fill next */
	uint64_t *stop; /* end of the slots that may be filled */
	struct spsc_producer_rare rare;
#ifdef RINGBENCH_CHECK
	struct ringbench_user user;
#endif
};

/* What only the rare part of a pop uses; see spsc_find(). */
struct spsc_consumer_rare {
	uint64_t *group_end; /* end of the messages of the group */
	uint64_t tail_seen;  /* an earlier value of tail */
	uint64_t dry; /* number of the message that was last waited for */
};

/* The consumer's end. */
struct spsc_consumer {
	struct spsc_ring *ring;
	uint64_t *at;	/* the slot to read next */
	uint64_t *sure; /* end of the slots that are known to be filled */
	uint64_t taken; /* number of the message in `at` */
	struct spsc_consumer_rare rare;
#ifdef RINGBENCH_CHECK
	struct ringbench_user user;
#endif
};

/* Slots from `at` to before `end`. */
struct spsc_slots {
	uint64_t *at;
	uint64_t *end;
};

/* Opens the producer's end, where the previous producer left it. */
static RINGBENCH_INLINE void spsc_producer_open(struct spsc_producer *p,
						struct spsc_ring *ring)
{
	uint64_t *group = ring->tail_group;
	size_t filled = spsc_filled_in(ring, group);

	p->at = p->stop = group + filled;
	p->rare.ring = ring;
	p->rare.group_end = group + spsc_messages(ring);
	p->rare.stop_number = ringbench_load_relaxed(&ring->tail) + filled;
	p->rare.head_seen = ringbench_load_acquire(&ring->head);
	RINGBENCH_CHECKED(ringbench_process_check(ring->process));
	RINGBENCH_CHECKED(ringbench_user_open(&p->user, &ring->producers));
}

/* For other headers: opens a consumer's end that is not counted as one. */
static RINGBENCH_INLINE void spsc_consumer_start(struct spsc_consumer *c,
						 struct spsc_ring *ring)
{
	size_t messages = spsc_messages(ring);
	/* Before head_group: the consumer stores `head` last. */
	uint64_t head = ringbench_load_acquire(&ring->head);
	uint64_t group = ringbench_load_relaxed(&ring->head_group);
	uint64_t number = head / messages, taken = head % messages;

	/* All messages of the group before that number are taken. */
	if (taken == 0 && ((group ^ number) & 1) != 0)
		taken = messages;
	c->ring = ring;
	c->taken = c->rare.tail_seen = c->rare.dry = head;
	c->at = c->sure = ring->slots + (group & ~UINT64_C(1)) + taken;
	c->rare.group_end = ring->slots + (group & ~UINT64_C(1)) + messages;
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

/* The number of the message that is pushed next. */
static RINGBENCH_INLINE uint64_t spsc_next(const struct spsc_producer *p)
{
	return p->rare.stop_number - RINGBENCH_CAST(uint64_t, p->stop - p->at);
}

/*
 * Rare part of a push: the producer is at its stop, `at`. Returns free slots,
 * up to the end of the group, or none when the ring is full.
 */
static RINGBENCH_NOINLINE struct spsc_slots
spsc_begin(struct spsc_producer_rare *p, uint64_t *at)
{
	struct spsc_ring *ring = p->ring;
	uint64_t room = ring->capacity - (p->stop_number - p->head_seen);
	struct spsc_slots found = { at, at };
	bool begin = at == p->group_end;
	size_t left;

	if (room < ring->group || (begin && ring->linked)) {
		p->head_seen = ringbench_load_acquire(&ring->head); /* see 3 */
		room = ring->capacity - (p->stop_number - p->head_seen);
		if (room == 0)
			return found;
	}
	if (begin) { /* begin the next group and clear the one after it */
		uint64_t *next = ring->next;

		if (ring->linked)
			ringbench_store_release(at, spsc_link(ring, next));
		RINGBENCH_TEST_DELAY();
		found.at = next;
		p->group_end = next + spsc_messages(ring);
		ringbench_store_relaxed(&ring->tail_group, next);
		ringbench_store_release(&ring->tail, p->stop_number);
		RINGBENCH_TEST_DELAY();
		next = ring->next = spsc_take_group(ring, p->head_seen);
		for (size_t i = 0; i < ring->group; i += SPSC_LINE)
			memset(next + i, 0, SPSC_LINE * sizeof(*next));
		RINGBENCH_TEST_DELAY();
	}
	left = RINGBENCH_CAST(size_t, p->group_end - found.at);
	if (left > room)
		left = RINGBENCH_CAST(size_t, room);
	found.end = found.at + left;
	p->stop_number += left;
	return found;
}

/* Whether the producer has a free slot at `at`. */
static RINGBENCH_INLINE bool spsc_has_slot(struct spsc_producer *p)
{
	struct spsc_producer_rare rare;
	struct spsc_slots found;

	if (RINGBENCH_LIKELY(p->at != p->stop))
		return true;
	/* The address of a copy. With its own address *p would be in memory. */
	rare = p->rare;
	found = spsc_begin(&rare, p->at);
	p->rare = rare;
	p->at = found.at;
	p->stop = found.end;
	return found.at != found.end;
}

/* Pushes a word other than 0. Returns false when the ring is full. */
static RINGBENCH_INLINE bool spsc_push(struct spsc_producer *p, uint64_t word)
{
	RINGBENCH_CHECKED(ringbench_user_check(&p->user));
	RINGBENCH_EXPECT(word != 0, "the word 0 is pushed");
	if (!spsc_has_slot(p))
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
	if (count == 0 || !spsc_has_slot(p))
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
static RINGBENCH_INLINE int64_t spsc_backlog(struct spsc_ring *ring,
					     struct spsc_consumer_rare *c,
					     uint64_t taken)
{
	int64_t more = 0, before;

	for (int tries = 0;; tries++) {
		before = more;
		c->tail_seen = ringbench_load_acquire(&ring->tail); /* see 1 */
		more = RINGBENCH_CAST(int64_t, c->tail_seen - taken);
		if (more >= ring->cushion || tries == ring->tries ||
		    (tries != 0 && more <= before) || taken - c->dry <= 1)
			return more;
		for (int i = 0; i < SPSC_CUSHION_PAUSES; i++)
			ringbench_pause();
	}
}

/*
 * Prefetches the line that is `distance` slots after `at`, in a group whose
 * messages end at `end`.
 */
static RINGBENCH_INLINE void spsc_prefetch(const struct spsc_ring *ring,
					   uint64_t *at, uint64_t *end,
					   ptrdiff_t distance)
{
	if (!ring->linked)
		end = ring->end; /* the groups lie in their order */
	if (distance >= end - at) {
		distance -= end - at;
		at = spsc_following(ring, end);
	}
	if (at)
		ringbench_prefetch_read(at + distance);
}

/*
 * Rare part of a pop: the consumer has read all slots that it knows to be
 * filled, and is at `at`. Returns slots that are filled, or none when the ring
 * is empty.
 */
static RINGBENCH_NOINLINE struct spsc_slots
spsc_find(struct spsc_ring *ring, struct spsc_consumer_rare *c, uint64_t *at,
	  uint64_t taken)
{
	struct spsc_slots found = { at, at };
	uint64_t *line_end;
	int64_t more;

	if (at == c->group_end) {
		at = spsc_following(ring, at);
		if (!at) {
			c->dry = taken;
			return found;
		}
		found.at = found.end = at;
		c->group_end = at + spsc_messages(ring);
		ringbench_store_relaxed(
			&ring->head_group,
			RINGBENCH_CAST(uint64_t, at - ring->slots) |
				(~ringbench_load_relaxed(&ring->head_group) &
				 1));
	}
	more = RINGBENCH_CAST(int64_t, c->tail_seen - taken);
	if (more <= 0) {
		more = spsc_backlog(ring, c, taken);
		for (ptrdiff_t i = SPSC_LINE; i < more && i < SPSC_READ_AHEAD;
		     i += SPSC_LINE)
			spsc_prefetch(ring, at, c->group_end, i);
	}
	if (more > 0) {
		if (more >= SPSC_READ_AHEAD + SPSC_STRETCH)
			for (int i = 0; i < SPSC_STRETCH; i += SPSC_LINE)
				spsc_prefetch(ring, at, c->group_end,
					      SPSC_READ_AHEAD + i);
		if (more > c->group_end - at)
			more = c->group_end - at;
		if (more > SPSC_STRETCH)
			more = SPSC_STRETCH;
		found.end = at + more;
		return found;
	}
	if (ringbench_load_acquire(at) == 0) { /* see 1 */
		c->dry = taken;
		return found;
	}
	/* The other words of this line. */
	line_end = at + SPSC_LINE - (at - ring->slots) % SPSC_LINE;
	if (line_end > c->group_end)
		line_end = c->group_end;
	do
		found.end++;
	while (found.end != line_end && ringbench_load_acquire(found.end) != 0);
	return found;
}

/* Whether the consumer has a filled slot at `at`. */
static RINGBENCH_INLINE bool spsc_has_word(struct spsc_consumer *c)
{
	struct spsc_consumer_rare rare;
	struct spsc_slots found;

	if (RINGBENCH_LIKELY(c->at != c->sure))
		return true;
	rare = c->rare; /* see spsc_has_slot() */
	found = spsc_find(c->ring, &rare, c->at, c->taken);
	c->rare = rare;
	c->at = found.at;
	c->sure = found.end;
	return found.at != found.end;
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
	RINGBENCH_CHECKED(ringbench_user_check(&c->user));
	if (!spsc_has_word(c))
		return false;
	*word = ringbench_load_relaxed(c->at); /* see 1 */
	spsc_read(c, 1);
	return true;
}

/* For the consumer: whether a pop would find nothing. */
static RINGBENCH_INLINE bool spsc_is_empty(struct spsc_consumer *c)
{
	return !spsc_has_word(c);
}

/*
 * Zero-copy pop. Returns how many words can be read now. They begin at *words
 * and stay there until spsc_read() is called with the number that was read.
 */
static RINGBENCH_INLINE size_t spsc_peek(struct spsc_consumer *c,
					 const uint64_t **words)
{
	RINGBENCH_CHECKED(ringbench_user_check(&c->user));
	if (!spsc_has_word(c))
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
