/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loops of stream. Producers push words that count up, and consumers check
 * that the words count up. A word is the whole message: producer << 48 |
 * sequence, with sequence numbers from 1. workers.h includes this file.
 */
#ifndef STREAM_H
#define STREAM_H

#include "backend.h"

enum {
	STREAM_PRODUCER_SHIFT = 48,
};

/*
 * Handles a word that is not the successor of its producer's last word. Rarely
 * called with one consumer. It counts gaps and late words separately: a late
 * word either fills a gap or is a repetition; the totals at the end show which.
 * Returns true for the sentinel; checking for the sentinel here keeps the check
 * out of the loop.
 */
static __attribute__((noinline, unused)) bool
order_irregular(struct order *order, uint64_t word)
{
	uint64_t sender = word >> STREAM_PRODUCER_SHIFT;
	uint64_t *last = &order->last[sender % PRODUCERS_MAX];

	if (word == WORD_SENTINEL)
		return true;
	if (!order->wrong) {
		order->wrong = word;
		order->before_wrong = *last;
	}
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
 * The words of several consumers have no common order, and a set of wrong words
 * can have the right sum. Therefore the consumers add up mixed words (a
 * multiplication and a shift, as in SplitMix by Steele, Lea and Flood, OOPSLA
 * 2014). Wrong words have the right mixed sum only by chance.
 */
static RINGBENCH_INLINE uint64_t stream_mix(uint64_t word)
{
	word *= UINT64_C(0x9E3779B97F4A7C15);
	return word ^ word >> 32;
}

/*
 * The loops of this file; see workers.h. stream_consumer: one producer and one
 * consumer. stream_consumer_of_many: several producers or several consumers.
 * stream_consumer_unordered: queues without an order.
 */
#define STREAM_LOOPS(X)            \
	X(stream_producer)         \
	X(stream_consumer)         \
	X(stream_consumer_of_many) \
	X(stream_consumer_unordered)

#ifdef WORKERS_H
/*
 * Number of messages until the next read of the stop flag: a stride, or the
 * messages up to the limit if they are fewer.
 */
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

/* One producer and one consumer: each word is the previous word + 1. */
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

/*
 * The words of each producer must rise. With one consumer they must have no
 * gaps.
 */
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
 * For a stack, which promises no order. The sum and the sum of squares show
 * whether each word came exactly once. A sentinel would overtake messages, so a
 * stack never gets one.
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
