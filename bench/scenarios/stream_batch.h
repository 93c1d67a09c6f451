/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loops of stream for batches of words and for messages by reference. Each
 * thread has a struct payload_pool: the words of its batch and, with payloads,
 * the blocks that the words point to. workers.h includes this file after
 * stream.h.
 *
 * A block changes its owner as follows. The highest bit of its first word says
 * whether the block is free.
 * 1. The producer reads the first word (acquire) and sees that the block is
 *    free.
 * 2. The producer writes all words as plain memory: the first word is the
 *    message number, each later word is 1 more.
 * 3. The queue transfers the address of the block to a consumer.
 * 4. The consumer reads all words.
 * 5. The consumer stores the complement of the message number into the first
 *    word (release; pairs with the acquire in step 1). The block is free again.
 *
 * So returning a block touches no additional cache line. A message that arrives
 * twice is found, because its block is already free.
 */
#ifndef STREAM_BATCH_H
#define STREAM_BATCH_H

#include "backend.h"
#include "stream.h"
#include "stream_value.h"

enum {
	STREAM_BATCH_MAX = 256,
};

struct payload_pool {
	size_t batch;	/* largest number of words in one operation */
	size_t numbers; /* words of a block; 0: no payload */
	/* All blocks are in one array, ordered by producer. */
	uint64_t first_block; /* address of the first block of all producers */
	uint64_t last_block;  /* address of the last block of all producers */
	size_t step;	      /* bytes from one block to the next */
	/*
	 * Addresses of this producer's first and last block, and of the block
	 * to try next. The producer uses its blocks in a circle.
	 */
	uint64_t first;
	uint64_t last;
	uint64_t next;
	/*
	 * Largest number of used blocks that a producer skips to find a free
	 * block. Consumers hold blocks of the messages that they have popped; a
	 * stack can hold any block for a long time.
	 */
	size_t skip;
	uint64_t words[STREAM_BATCH_MAX];
} RINGBENCH_ALIGNED;

/*
 * Whether a block is free, by its first word. Message numbers are below 2^63.
 */
static RINGBENCH_INLINE bool payload_is_free(uint64_t number)
{
	return number >> 63;
}

/*
 * Reads the block at address *word, frees the block, and sets *word to the
 * message number. Returns false if there is no message to check: no producer
 * sent this address (counted), the block was already free (counted), or the
 * word is the sentinel.
 */
static RINGBENCH_INLINE bool payload_read(const struct payload_pool *pool,
					  struct order *order, uint64_t *word)
{
	uint64_t *block = (uint64_t *)(uintptr_t)*word;
	uint64_t number, wrong = 0;

	if (RINGBENCH_UNLIKELY(*word - pool->first_block >
				       pool->last_block - pool->first_block ||
			       *word % RINGBENCH_LINE)) {
		order->foreign += *word != WORD_SENTINEL;
		return false;
	}
	number = block[0];
	if (RINGBENCH_UNLIKELY(payload_is_free(number))) {
		order->duplicates++;
		return false;
	}
	for (size_t i = 1; i < pool->numbers; i++)
		wrong |= block[i] ^ (number + i);
	order->foreign += wrong != 0;
	ringbench_store_release(&block[0], ~number);
	*word = number;
	return true;
}

/* Bytes from one block to the next. No two blocks share a cache line. */
static inline int64_t payload_step(int64_t payload_bytes)
{
	return (payload_bytes + RINGBENCH_LINE - 1) / RINGBENCH_LINE *
	       RINGBENCH_LINE;
}

/* Gives a producer its blocks. All blocks are free. */
static inline void payload_pool_init(struct payload_pool *pool, char *first,
				     int64_t blocks)
{
	for (int64_t i = 0; i < blocks; i++)
		*(uint64_t *)(first + (size_t)i * pool->step) = UINT64_MAX;
	pool->first = pool->next = (uintptr_t)first;
	pool->last = pool->first + (size_t)(blocks - 1) * pool->step;
}

/*
 * The loops of this file; see workers.h. *_bulk: batches of words. *_payload:
 * messages by reference, with or without batches.
 */
#define STREAM_BATCH_LOOPS(X)      \
	X(stream_producer_bulk)    \
	X(stream_consumer_bulk)    \
	X(stream_producer_payload) \
	X(stream_consumer_payload)

#ifdef WORKERS_H
/*
 * Fills up to `count` free blocks with messages, starting with message
 * `number`, and stores the addresses in words[]. Returns the number of blocks;
 * 0: no block is free.
 */
static RINGBENCH_INLINE size_t payload_fill(struct payload_pool *pool,
					    size_t count, uint64_t number)
{
	size_t done = 0, skipped = 0;
	uint64_t next = pool->next;

	while (done < count && skipped <= pool->skip) {
		uint64_t *block = (uint64_t *)(uintptr_t)next;

		next = next == pool->last ? pool->first : next + pool->step;
		if (RINGBENCH_UNLIKELY(!payload_is_free(
			    ringbench_load_acquire(&block[0])))) {
			skipped++;
			continue;
		}
		for (size_t i = 0; i < pool->numbers; i++)
			block[i] = number + i;
		pool->words[done++] = (uintptr_t)block;
		pool->next = next;
		skipped = 0;
		number++;
	}
	return done;
}

/*
 * Like payload_fill(), after it returned 0: waits until a block is free,
 * without a time limit. Returns 0 at the end of the run. Only happens with a
 * queue without capacity limit, because the number of blocks then limits the
 * number of messages.
 */
static __attribute__((noinline, unused)) size_t
payload_wait(struct payload_pool *pool, size_t count, uint64_t number,
	     struct worker *me, bool sleeps)
{
	struct timespec nap = ringbench_timespec(me->wait_ns);
	uint64_t tries = 0;
	size_t done = 0;

	waitclock_start_exact(&me->full);
	while (!done && !ringbench_load_relaxed(me->stop)) {
		if (sleeps)
			clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
		else
			sched_yield();
		tries++;
		done = payload_fill(pool, count, number);
	}
	waitclock_stop(&me->full, tries);
	return done;
}

static RINGBENCH_INLINE size_t batch_count(const struct payload_pool *pool,
					   uint64_t left)
{
	return left < pool->batch ? (size_t)left : pool->batch;
}

static RINGBENCH_INLINE void
stream_batch_producer(struct worker *me, enum wait_kind kind, bool payload)
{
	struct payload_pool *pool = (struct payload_pool *)me->state;
	struct channel *out = me->out;
	struct port port;
	uint64_t sent = 0;

	port_open(&port, (struct queue *)out->queue);
	while (sent != me->limit && worker_goes_on(me, sent)) {
		size_t count = batch_count(pool, me->limit - sent);
		uint64_t number = me->first + sent;
		size_t put = 0, more;

		if (payload) {
			size_t filled = payload_fill(pool, count, number);

			if (RINGBENCH_UNLIKELY(!filled))
				filled = payload_wait(pool, count, number, me,
						      kind == WAIT_SLEEP);
			count = filled;
		} else {
			for (size_t i = 0; i < count; i++)
				pool->words[i] = number + i;
		}
		while (put < count) {
			more = transfer_bulk(&port, out, pool->words + put,
					     count - put, me, PUSH, kind);
			if (!more)
				goto out;
			put += more;
			sent += more;
			/*
			 * With many threads on a CPU, each part of a batch may
			 * cost one time slice of the scheduler.
			 */
			if (put < count && ringbench_load_relaxed(me->stop))
				goto out;
		}
	}
out:
	port_close(&port);
	me->messages = sent;
}

/*
 * The consumer for any number of producers and consumers. If the queue promises
 * no order (slack UINT64_MAX), every word passes the order check.
 */
static RINGBENCH_INLINE void
stream_batch_consumer(struct worker *me, enum wait_kind kind, bool payload)
{
	struct payload_pool *pool = (struct payload_pool *)me->state;
	struct channel *in = me->in;
	struct port port;
	uint64_t messages = 0, sum = 0, squares = 0, sentinels = 0;
	uint64_t slack = me->order.slack, word = WORD_SENTINEL;

	port_open(&port, (struct queue *)in->queue);
	while (!sentinels && messages != me->limit &&
	       worker_goes_on(me, messages)) {
		size_t count = batch_count(pool, me->limit - messages);

		count = transfer_bulk(&port, in, pool->words, count, me, POP,
				      kind);
		if (!count)
			break;
		for (size_t i = 0; i < count; i++) {
			uint64_t *last;

			word = pool->words[i];
			if (payload && RINGBENCH_UNLIKELY(!payload_read(
					       pool, &me->order, &word))) {
				sentinels += word == WORD_SENTINEL;
				continue;
			}
			last = &me->order.last[(word >> STREAM_PRODUCER_SHIFT) %
					       PRODUCERS_MAX];
			if (RINGBENCH_LIKELY(word - *last - 1 <= slack)) {
				*last = word;
			} else if (order_irregular(&me->order, word)) {
				sentinels++;
				continue;
			}
			sum += word;
			squares += word * word;
		}
		messages += count;
	}
	me->ended = sentinels != 0;
	messages -= sentinels;
	/* Each consumer needs one sentinel: push the surplus sentinels back. */
	word = WORD_SENTINEL;
	while (sentinels > 1 && transfer(&port, in, &word, me, PUSH, kind))
		sentinels--;
	port_close(&port);
	me->messages = messages;
	me->sum = sum;
	me->squares = squares;
}

static RINGBENCH_INLINE void stream_producer_bulk(struct worker *me,
						  enum wait_kind kind)
{
	stream_batch_producer(me, kind, false);
}

static RINGBENCH_INLINE void stream_consumer_bulk(struct worker *me,
						  enum wait_kind kind)
{
	stream_batch_consumer(me, kind, false);
}

static RINGBENCH_INLINE void stream_producer_payload(struct worker *me,
						     enum wait_kind kind)
{
	stream_batch_producer(me, kind, true);
}

static RINGBENCH_INLINE void stream_consumer_payload(struct worker *me,
						     enum wait_kind kind)
{
	stream_batch_consumer(me, kind, true);
}
#endif

#endif
