/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loops of stream: producers send words that count up, consumers check
 * that they do. The word is the message: producer << 48 | sequence, the
 * sequence beginning with 1. Included by workers.h.
 */
#ifndef STREAM_H
#define STREAM_H

#include "backend.h"

enum {
	STREAM_PRODUCER_SHIFT = 48,
};

/*
 * A word that is not the successor of the producer's last one. Cold for one
 * consumer. Gaps and late words are counted apart: a late word fills a gap or
 * is a repetition, which only the totals at the end can tell. True when it is
 * the sentinel: looking for it here keeps it out of the loop.
 */
static __attribute__((noinline, unused)) bool
order_irregular(struct order *order, uint64_t word)
{
	uint64_t sender = word >> STREAM_PRODUCER_SHIFT;
	uint64_t *last = &order->last[sender % PRODUCERS_MAX];

	if (word == WORD_SENTINEL)
		return true;
	if (sender >= order->senders ||
	    word <= (sender << STREAM_PRODUCER_SHIFT))
		order->foreign++;
	else if (word == *last)
		order->duplicates++;
	else if (word < *last)
		order->late++;
	else {
		order->gap += word - *last - 1;
		*last = word;
	}
	return false;
}

/*
 * What several consumers popped has no common order, and words that are wrong
 * can have the right sum. Mixed words (a multiplication and a shift, as in
 * Steele, Lea and Flood's SplitMix, OOPSLA 2014) have it by chance only.
 */
static RINGBENCH_INLINE uint64_t stream_mix(uint64_t word)
{
	word *= UINT64_C(0x9E3779B97F4A7C15);
	return word ^ word >> 32;
}

/* The loops of this file; see workers.h. stream_consumer is the only consumer
 * of one producer, _of_many one of several or of several producers, _unordered
 * is for queues without an order. */
#define STREAM_LOOPS(X)            \
	X(stream_producer)         \
	X(stream_consumer)         \
	X(stream_consumer_of_many) \
	X(stream_consumer_unordered)

#ifdef WORKERS_H
/* How many messages until the next look: a stride, or what is left to do. */
static RINGBENCH_INLINE uint64_t stream_stride(const struct worker *me,
					       uint64_t done)
{
	uint64_t left = me->limit - done;
	uint64_t stride = worker_stride(me);

	return left < stride ? left : stride;
}

static RINGBENCH_INLINE void stream_producer(struct worker *me,
					     enum wait_kind kind)
{
	struct channel *out = me->out;
	struct port port;
	uint64_t word = me->first, check;

	port_open(&port, (struct queue *)out->queue);
	while (word - me->first != me->limit &&
	       worker_goes_on(me, word - me->first)) {
		check = word + stream_stride(me, word - me->first);
		do {
			if (!transfer(&port, out, &word, me, PUSH, kind))
				goto out;
			word++;
		} while (word != check);
	}
out:
	port_close(&port);
	me->messages = word - me->first;
}

/* The only consumer of the only producer: each word is the last one + 1. */
static RINGBENCH_INLINE void stream_consumer(struct worker *me,
					     enum wait_kind kind)
{
	struct channel *in = me->in;
	struct port port;
	uint64_t messages = 0, sum = 0, word = 0, left;
	uint64_t expected = me->order.last[0] + 1;

	port_open(&port, (struct queue *)in->queue);
	while (messages != me->limit && worker_goes_on(me, messages)) {
		left = stream_stride(me, messages);
		messages += left;
		do {
			if (!transfer(&port, in, &word, me, POP, kind))
				goto out;
			sum += word;
			if (RINGBENCH_LIKELY(word == expected)) {
				expected = word + 1;
			} else {
				me->order.last[0] = expected - 1;
				me->ended = order_irregular(&me->order, word);
				if (me->ended)
					goto out;
				expected = me->order.last[0] + 1;
			}
		} while (--left);
	}
	left = 0;
out:
	port_close(&port);
	me->order.last[0] = expected - 1;
	me->messages = messages - left;
	me->sum = sum - (me->ended ? WORD_SENTINEL : 0);
}

/* Rising per producer; without gaps where there is no other consumer. */
static RINGBENCH_INLINE void stream_consumer_of_many(struct worker *me,
						     enum wait_kind kind)
{
	struct channel *in = me->in;
	struct port port;
	uint64_t messages = 0, sum = 0, mixed = 0, word = 0, left;
	uint64_t slack = me->order.slack;

	port_open(&port, (struct queue *)in->queue);
	while (messages != me->limit && worker_goes_on(me, messages)) {
		left = stream_stride(me, messages);
		messages += left;
		do {
			uint64_t *last;

			if (!transfer(&port, in, &word, me, POP, kind))
				goto out;
			sum += word;
			mixed += stream_mix(word);
			last = &me->order.last[(word >> STREAM_PRODUCER_SHIFT) %
					       PRODUCERS_MAX];
			if (RINGBENCH_LIKELY(word - *last - 1 <= slack)) {
				*last = word;
			} else {
				me->ended = order_irregular(&me->order, word);
				if (me->ended)
					goto out;
			}
		} while (--left);
	}
	left = 0;
out:
	port_close(&port);
	me->messages = messages - left;
	me->sum = sum - (me->ended ? WORD_SENTINEL : 0);
	me->mixed = mixed - (me->ended ? stream_mix(WORD_SENTINEL) : 0);
}

/*
 * Of a stack, which promises no order: that each word came once shows in the
 * sums of the words and of their squares. A sentinel would overtake messages,
 * so there is none.
 */
static RINGBENCH_INLINE void stream_consumer_unordered(struct worker *me,
						       enum wait_kind kind)
{
	struct channel *in = me->in;
	struct port port;
	uint64_t messages = 0, sum = 0, squares = 0, word = 0, left;

	port_open(&port, (struct queue *)in->queue);
	while (messages != me->limit && worker_goes_on(me, messages)) {
		left = stream_stride(me, messages);
		messages += left;
		do {
			if (!transfer(&port, in, &word, me, POP, kind))
				goto out;
			sum += word;
			squares += word * word;
		} while (--left);
	}
	left = 0;
out:
	port_close(&port);
	me->messages = messages - left;
	me->sum = sum;
	me->squares = squares;
}
#endif

#endif
