/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring for one producer and one consumer that carries messages of any type by
 * value: each message is copied into the ring, or made and read in place. Every
 * value is legal, also 0. The ring lies in memory of the caller and contains no
 * address, so two processes can share it. C11 and C++11, gcc and clang. Define
 * RINGBENCH_CHECK to find misuse: see ringbench_check.h.
 *
 *	struct spsc_value_ring *ring = spsc_value_ring_new(1000, sizeof(o));
 *	struct spsc_value_producer producer;
 *	struct spsc_value_consumer consumer;
 *
 *	if (!ring)
 *		return 1;
 *	spsc_value_producer_open(&producer, ring); (in the producer's thread)
 *	spsc_value_push(&producer, &o, sizeof(o));
 *	spsc_value_consumer_open(&consumer, ring); (in the consumer's thread)
 *	spsc_value_pop(&consumer, &o, sizeof(o));
 *	spsc_value_ring_free(ring);
 *
 * Give the functions a constant size, so that the compiler makes the copy out
 * of a few instructions. spsc_value_types.h makes functions for one type. Each
 * end is used by one thread at a time. A thread, or a process, that takes over
 * an end opens it again.
 *
 * How it works. Lamport's ring ("Proving the correctness of multiprocess
 * programs", 1977): `tail` counts the messages that were pushed, `head` those
 * that were popped. Each side reads the other side's count only when it has
 * used up what it knows (MCRingBuffer, IPDPS 2010), and prefetches the lines of
 * the messages that it needs soon. A side that found only few messages (or
 * places) when it last looked pauses before it reads the other side's count
 * again, so that the other side can do several operations before it loses the
 * line: some hundred nanoseconds at most. A side that found nothing does not
 * pause when it looks again.
 *
 * Why it is correct. The terms are C11's.
 *
 * 1. The consumer reads complete messages. The producer stores `tail` with
 *    release after it has written message tail - 1. The consumer loads `tail`
 *    with acquire and reads only messages before it.
 *    Without this, a message could be read before it is written.
 * 2. No message is overwritten before it was read. The consumer stores `head`
 *    with release after it has read message head - 1. The producer loads `head`
 *    with acquire, and writes only messages before head + capacity.
 *
 * Progress: push and pop are wait-free without condition. "Empty" and "full"
 * are exact. A thread or process that is killed in the middle of an operation
 * leaves a ring that works: a message whose push was not completed is not in
 * the ring, and a message whose pop was not completed is popped again by the
 * next consumer.
 */
#ifndef SPSC_VALUE_RING_H
#define SPSC_VALUE_RING_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_check.h"
#include "ringbench_memory.h"

enum {
	SPSC_VALUE_STRETCH = 512, /* most bytes that one look makes known */
	SPSC_VALUE_AHEAD = 1024,  /* bytes from the use to the prefetch */
	SPSC_VALUE_PREFETCH = 64, /* bytes that a prefetch brings */
	SPSC_VALUE_FEW = 32,	/* messages: after fewer, the next look waits */
	SPSC_VALUE_PAUSES = 16, /* most pauses before a look */
};

#define SPSC_VALUE_MAGIC UINT64_C(0x31304c4156435053)

/* The messages follow this struct. */
struct spsc_value_ring {
	/* Only spsc_value_ring_init() writes these. */
	uint64_t magic RINGBENCH_ALIGNED; /* stored last */
	uint64_t size;			  /* of a message */
	uint64_t capacity;
	uint64_t tail RINGBENCH_ALIGNED; /* messages pushed */
	uint64_t head RINGBENCH_ALIGNED; /* messages popped */
#ifdef RINGBENCH_CHECK
	uint32_t producers RINGBENCH_ALIGNED; /* that were opened */
	uint32_t consumers;
#endif
};

/* The size of a ring in bytes, for example for a static array. */
#define SPSC_VALUE_RING_BYTES(capacity, size) \
	(sizeof(struct spsc_value_ring) +     \
	 RINGBENCH_CAST(size_t, capacity) * (size))

/* The producer's end. As a local variable it can live in registers. */
struct spsc_value_producer {
	struct spsc_value_ring *ring;
	char *at;	    /* place of the next message */
	char *stop;	    /* end of the places that may be filled */
	char *end;	    /* of the ring's last place */
	uint64_t tail;	    /* number of the next message */
	uint64_t head_seen; /* an earlier value of head */
	unsigned pauses;    /* before the next look at `head` */
#ifdef RINGBENCH_CHECK
	struct ringbench_user user;
#endif
};

/* The consumer's end. */
struct spsc_value_consumer {
	struct spsc_value_ring *ring;
	const char *at;	    /* the next message */
	const char *sure;   /* end of the messages that are known to be there */
	const char *end;    /* of the ring's last place */
	uint64_t head;	    /* number of the next message */
	uint64_t tail_seen; /* an earlier value of tail */
	unsigned pauses;    /* before the next look at `tail` */
#ifdef RINGBENCH_CHECK
	struct ringbench_user user;
#endif
};

/*
 * Makes a ring for exactly `capacity` messages, at least 1, of `size` bytes, in
 * memory of the caller: static, of huge pages, or shared by processes. `bytes`
 * is the size of the memory; see SPSC_VALUE_RING_BYTES(). Nothing has to be
 * released besides the memory. Returns 0, -ENOSPC when the memory is too small,
 * or -EINVAL for a capacity or a size of 0, and for memory that is not aligned
 * to RINGBENCH_LINE bytes.
 */
static inline int spsc_value_ring_init(struct spsc_value_ring *ring,
				       size_t bytes, size_t capacity,
				       size_t size)
{
	if (capacity == 0 || size == 0 || !ringbench_is_aligned(ring))
		return -EINVAL;
	if (bytes < sizeof(*ring) || capacity > (bytes - sizeof(*ring)) / size)
		return -ENOSPC;
	memset(ring, 0, sizeof(*ring));
	ring->size = size;
	ring->capacity = capacity;
	ringbench_store_release(&ring->magic, SPSC_VALUE_MAGIC);
	return 0;
}

/* Makes a ring in new memory. Returns NULL when there is none. */
static inline struct spsc_value_ring *spsc_value_ring_new(size_t capacity,
							  size_t size)
{
	struct spsc_value_ring *ring;
	size_t bytes;

	if (size == 0 || capacity > (SIZE_MAX / 2 - sizeof(*ring)) / size)
		return NULL;
	bytes = SPSC_VALUE_RING_BYTES(capacity, size);
	ring = RINGBENCH_CAST(struct spsc_value_ring *,
			      ringbench_alloc_lines(bytes));
	if (ring && spsc_value_ring_init(ring, bytes, capacity, size) != 0) {
		free(ring);
		return NULL;
	}
	return ring;
}

static inline void spsc_value_ring_free(struct spsc_value_ring *ring)
{
	free(ring);
}

/*
 * The ring that another process has made in memory that both map, at any
 * address. Returns NULL if there is no ring yet, or none for messages of `size`
 * bytes that fits into the memory. Both programs must be compiled with the same
 * RINGBENCH_CHECK.
 */
static inline struct spsc_value_ring *
spsc_value_ring_at(void *memory, size_t bytes, size_t size)
{
	struct spsc_value_ring *ring = RINGBENCH_CAST(struct spsc_value_ring *,
						      memory);

	if (bytes < sizeof(*ring) || size == 0 || !ringbench_is_aligned(ring) ||
	    ringbench_load_acquire(&ring->magic) != SPSC_VALUE_MAGIC ||
	    ring->size != size || ring->capacity == 0 ||
	    ring->capacity > (bytes - sizeof(*ring)) / size)
		return NULL;
	return ring;
}

static RINGBENCH_INLINE char *spsc_value_place(struct spsc_value_ring *ring,
					       uint64_t number)
{
	char *first = RINGBENCH_CAST(char *, RINGBENCH_CAST(void *, ring + 1));

	return first + number * ring->size;
}

/* Opens the producer's end, where the previous producer left it. */
static RINGBENCH_INLINE void
spsc_value_producer_open(struct spsc_value_producer *p,
			 struct spsc_value_ring *ring)
{
	p->ring = ring;
	p->pauses = 0;
	p->tail = ringbench_load_acquire(&ring->tail);
	p->head_seen = ringbench_load_acquire(&ring->head);
	p->at = p->stop = spsc_value_place(ring, p->tail % ring->capacity);
	p->end = spsc_value_place(ring, ring->capacity);
	RINGBENCH_CHECKED(ringbench_user_open(&p->user, &ring->producers));
}

/* Opens the consumer's end, where the previous consumer left it. */
static RINGBENCH_INLINE void
spsc_value_consumer_open(struct spsc_value_consumer *c,
			 struct spsc_value_ring *ring)
{
	c->ring = ring;
	c->pauses = 0;
	c->head = c->tail_seen = ringbench_load_acquire(&ring->head);
	c->at = c->sure = spsc_value_place(ring, c->head % ring->capacity);
	c->end = spsc_value_place(ring, ring->capacity);
	RINGBENCH_CHECKED(ringbench_user_open(&c->user, &ring->consumers));
}

/*
 * For monitoring by any thread: how many messages are in the ring. It changes
 * nothing. While the ring is in use the result may be outdated, but lies
 * between 0 and the capacity.
 */
static inline size_t spsc_value_size(const struct spsc_value_ring *ring)
{
	uint64_t head = ringbench_load_acquire(&ring->head);
	uint64_t tail = ringbench_load_acquire(&ring->tail);
	uint64_t size = tail - head;

	return RINGBENCH_CAST(size_t,
			      size < ring->capacity ? size : ring->capacity);
}

/*
 * How many pauses the next look at the other side's count waits, after a look
 * that found `found` messages or places. More after a look that found few, none
 * after a look that found nothing.
 */
static RINGBENCH_INLINE unsigned spsc_value_pauses(unsigned pauses,
						   uint64_t found)
{
	if (found == 0)
		return 0;
	if (found < SPSC_VALUE_FEW)
		return pauses < SPSC_VALUE_PAUSES ? 2 * pauses + 1 : pauses;
	return found > 4 * SPSC_VALUE_FEW ? pauses / 2 : pauses;
}

/* How many of `count` messages one look makes known, without a wrap. */
static RINGBENCH_INLINE size_t spsc_value_stretch(uint64_t count, size_t left,
						  size_t size)
{
	size_t most = size < SPSC_VALUE_STRETCH ? SPSC_VALUE_STRETCH / size : 1;

	if (most > left / size)
		most = left / size;
	return count < most ? RINGBENCH_CAST(size_t, count) : most;
}

/*
 * Rare part of a push: the producer is at its stop. Finds room for more
 * messages. Returns false when the ring is full.
 */
static RINGBENCH_INLINE bool spsc_value_go_on(struct spsc_value_producer *p,
					      size_t size)
{
	struct spsc_value_ring *ring = p->ring;
	uint64_t room = ring->capacity - (p->tail - p->head_seen);
	size_t left;

	if (RINGBENCH_UNLIKELY(room == 0)) {
		for (unsigned i = 0; i < p->pauses; i++)
			ringbench_pause();
		p->head_seen = ringbench_load_acquire(&ring->head); /* see 2 */
		room = ring->capacity - (p->tail - p->head_seen);
		p->pauses = spsc_value_pauses(p->pauses, room);
		if (RINGBENCH_UNLIKELY(room == 0))
			return false;
	}
	if (RINGBENCH_UNLIKELY(p->at == p->end))
		p->at = spsc_value_place(ring, 0);
	left = RINGBENCH_CAST(size_t, p->end - p->at);
	if (room * size >= SPSC_VALUE_AHEAD + SPSC_VALUE_STRETCH &&
	    left >= SPSC_VALUE_AHEAD + SPSC_VALUE_STRETCH)
		for (int i = 0; i < SPSC_VALUE_STRETCH;
		     i += SPSC_VALUE_PREFETCH)
			ringbench_prefetch_write(p->at + SPSC_VALUE_AHEAD + i);
	p->stop = p->at + spsc_value_stretch(room, left, size) * size;
	return true;
}

/*
 * In place: returns how many of the next `count` messages may be written now.
 * Their places begin at *messages. Write them, then call spsc_value_commit()
 * with the number of messages that the consumer may pop.
 */
static RINGBENCH_INLINE size_t spsc_value_reserve(struct spsc_value_producer *p,
						  size_t count, void **messages,
						  size_t size)
{
	size_t left;

	RINGBENCH_CHECKED(ringbench_user_check(&p->user));
	RINGBENCH_EXPECT(p->ring->size == size,
			 "the message has another size than the ring's");
	if (RINGBENCH_UNLIKELY(p->at == p->stop) &&
	    (count == 0 || !spsc_value_go_on(p, size)))
		return 0;
	*messages = p->at;
	if (count == 1)
		return 1;
	left = RINGBENCH_CAST(size_t, p->stop - p->at) / size;
	return count < left ? count : left;
}

static RINGBENCH_INLINE void spsc_value_commit(struct spsc_value_producer *p,
					       size_t count, size_t size)
{
	RINGBENCH_EXPECT(RINGBENCH_CAST(size_t, p->stop - p->at) / size >=
				 count,
			 "more messages are committed than were reserved");
	p->at += count * size;
	p->tail += count;
	RINGBENCH_TEST_DELAY();
	ringbench_store_release(&p->ring->tail, p->tail); /* see 1 */
	RINGBENCH_TEST_DELAY();
}

/*
 * Copies a message word by word. The caller has often just written its members,
 * and the processor cannot forward two stores to one wide load of memcpy():
 * that load would wait until all earlier stores, also those to lines of the
 * other CPU, are complete.
 */
static RINGBENCH_INLINE void spsc_value_copy(void *to, const void *from,
					     size_t size)
{
	char *target = RINGBENCH_CAST(char *, to);
	const char *source = RINGBENCH_CAST(const char *, from);
	size_t words = size / sizeof(uint64_t) * sizeof(uint64_t);

	for (size_t i = 0; i < words; i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, source + i, sizeof(word));
		__asm__("" : "+r"(word)); /* not two words at once */
		memcpy(target + i, &word, sizeof(word));
	}
	memcpy(target + words, source + words, size - words);
}

/* Pushes a message of `size` bytes. Returns false when the ring is full. */
static RINGBENCH_INLINE bool spsc_value_push(struct spsc_value_producer *p,
					     const void *message, size_t size)
{
	void *place;

	if (!spsc_value_reserve(p, 1, &place, size))
		return false;
	RINGBENCH_TEST_DELAY();
	spsc_value_copy(place, message, size);
	spsc_value_commit(p, 1, size);
	return true;
}

/* Pushes as many of `count` messages as there is room for; returns how many. */
static RINGBENCH_INLINE size_t
spsc_value_push_bulk(struct spsc_value_producer *p, const void *messages,
		     size_t count, size_t size)
{
	const char *from = RINGBENCH_CAST(const char *, messages);
	size_t done = 0, n;
	void *places;

	while ((n = spsc_value_reserve(p, count - done, &places, size)) != 0) {
		memcpy(places, from + done * size, n * size);
		spsc_value_commit(p, n, size);
		done += n;
	}
	return done;
}

/*
 * Rare part of a pop: the consumer has read all messages that it knows of.
 * Looks for more. Returns false when the ring is empty.
 */
static RINGBENCH_INLINE bool spsc_value_look(struct spsc_value_consumer *c,
					     size_t size)
{
	struct spsc_value_ring *ring = c->ring;
	uint64_t more = c->tail_seen - c->head;
	size_t left;

	if (more == 0) {
		for (unsigned i = 0; i < c->pauses; i++)
			ringbench_pause();
		c->tail_seen = ringbench_load_acquire(&ring->tail); /* see 1 */
		more = c->tail_seen - c->head;
		c->pauses = spsc_value_pauses(c->pauses, more);
		if (more == 0)
			return false;
	}
	if (RINGBENCH_UNLIKELY(c->at == c->end))
		c->at = spsc_value_place(ring, 0);
	left = RINGBENCH_CAST(size_t, c->end - c->at);
	if (more * size >= SPSC_VALUE_AHEAD + SPSC_VALUE_STRETCH &&
	    left >= SPSC_VALUE_AHEAD + SPSC_VALUE_STRETCH)
		for (int i = 0; i < SPSC_VALUE_STRETCH;
		     i += SPSC_VALUE_PREFETCH)
			ringbench_prefetch_read(c->at + SPSC_VALUE_AHEAD + i);
	c->sure = c->at + spsc_value_stretch(more, left, size) * size;
	return true;
}

/*
 * In place: returns how many messages can be read now. They begin at *messages
 * and stay there until spsc_value_release() is called with their number.
 */
static RINGBENCH_INLINE size_t spsc_value_peek(struct spsc_value_consumer *c,
					       const void **messages,
					       size_t size)
{
	RINGBENCH_CHECKED(ringbench_user_check(&c->user));
	RINGBENCH_EXPECT(c->ring->size == size,
			 "the message has another size than the ring's");
	if (RINGBENCH_UNLIKELY(c->at == c->sure) && !spsc_value_look(c, size))
		return 0;
	*messages = c->at;
	return RINGBENCH_CAST(size_t, c->sure - c->at) / size;
}

/* Gives back the places of the next `count` messages, which were read. */
static RINGBENCH_INLINE void spsc_value_release(struct spsc_value_consumer *c,
						size_t count, size_t size)
{
	RINGBENCH_EXPECT(RINGBENCH_CAST(size_t, c->sure - c->at) / size >=
				 count,
			 "more messages are given back than were found");
	c->at += count * size;
	c->head += count;
	RINGBENCH_TEST_DELAY();
	ringbench_store_release(&c->ring->head, c->head); /* see 2 */
	RINGBENCH_TEST_DELAY();
}

/* Pops a message of `size` bytes. Returns false when the ring is empty. */
static RINGBENCH_INLINE bool spsc_value_pop(struct spsc_value_consumer *c,
					    void *message, size_t size)
{
	const void *place;

	if (!spsc_value_peek(c, &place, size))
		return false;
	RINGBENCH_TEST_DELAY();
	memcpy(message, place, size);
	spsc_value_release(c, 1, size);
	return true;
}

/* Pops up to `count` messages; returns how many. */
static RINGBENCH_INLINE size_t
spsc_value_pop_bulk(struct spsc_value_consumer *c, void *messages, size_t count,
		    size_t size)
{
	char *to = RINGBENCH_CAST(char *, messages);
	size_t done = 0, n;
	const void *places;

	while (done < count && (n = spsc_value_peek(c, &places, size)) != 0) {
		if (n > count - done)
			n = count - done;
		memcpy(to + done * size, places, n * size);
		spsc_value_release(c, n, size);
		done += n;
	}
	return done;
}

/* For the consumer: whether a pop would find nothing. */
static RINGBENCH_INLINE bool spsc_value_is_empty(struct spsc_value_consumer *c,
						 size_t size)
{
	return c->at == c->sure && !spsc_value_look(c, size);
}

#endif
