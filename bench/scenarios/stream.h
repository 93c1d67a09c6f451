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
 * is a repetition, which only the totals at the end can tell.
 */
static inline void order_irregular(struct order *order, uint64_t word)
{
	uint64_t sender = word >> STREAM_PRODUCER_SHIFT;
	uint64_t *last = &order->last[sender % PRODUCERS_MAX];

	if (sender >= order->senders ||
	    word <= (sender << STREAM_PRODUCER_SHIFT))
		order->alien++;
	else if (word == *last)
		order->same++;
	else if (word < *last)
		order->late++;
	else {
		order->gap += word - *last - 1;
		*last = word;
	}
}

#ifdef WORKERS_H
/* Look at the stop flag once in so many messages. */
enum {
	STREAM_STRIDE = 64
};

static ALWAYS_INLINE uint64_t stream_next_check(uint64_t done, uint64_t limit)
{
	return limit - done > STREAM_STRIDE ? done + STREAM_STRIDE : limit;
}

static ALWAYS_INLINE void stream_producer(struct worker *me,
					  enum wait_kind kind)
{
	struct channel *out = me->out;
	struct port port;
	uint64_t word = me->first, check;
	uint64_t end = me->limit == UINT64_MAX ? UINT64_MAX : word + me->limit;

	port_open(&port, (struct queue *)out->queue);
	while (word != end && !load_relaxed(me->stop)) {
		check = stream_next_check(word, end);
		do {
			if (!pass(&port, out, &word, me, PUT, kind))
				goto out;
			word++;
		} while (word != check);
	}
out:
	port_close(&port);
	me->messages = word - me->first;
}

/* The only consumer of the only producer: each word is the last one + 1. */
static ALWAYS_INLINE void stream_consumer(struct worker *me,
					  enum wait_kind kind)
{
	struct channel *in = me->in;
	struct port port;
	uint64_t messages = 0, sum = 0, word = 0, check;
	uint64_t last = me->order.last[0];

	port_open(&port, (struct queue *)in->queue);
	while (messages != me->limit && !load_relaxed(me->stop)) {
		check = stream_next_check(messages, me->limit);
		do {
			if (!pass(&port, in, &word, me, TAKE, kind))
				goto out;
			if (unlikely(word != last + 1)) {
				me->order.last[0] = last;
				order_irregular(&me->order, word);
				last = me->order.last[0];
			} else {
				last = word;
			}
			sum += word;
			messages++;
		} while (messages != check);
	}
out:
	port_close(&port);
	me->order.last[0] = last;
	me->messages = messages;
	me->sum = sum;
}

/* Rising per producer; without gaps where there is no other consumer. */
static ALWAYS_INLINE void stream_consumer_of_many(struct worker *me,
						  enum wait_kind kind)
{
	struct channel *in = me->in;
	struct port port;
	uint64_t messages = 0, sum = 0, word = 0, check;
	uint64_t slack = me->order.slack;

	port_open(&port, (struct queue *)in->queue);
	while (messages != me->limit && !load_relaxed(me->stop)) {
		check = stream_next_check(messages, me->limit);
		do {
			uint64_t *last;

			if (!pass(&port, in, &word, me, TAKE, kind))
				goto out;
			last = &me->order.last[(word >> STREAM_PRODUCER_SHIFT) %
					       PRODUCERS_MAX];
			if (unlikely(word - *last - 1 > slack))
				order_irregular(&me->order, word);
			else
				*last = word;
			sum += word;
			messages++;
		} while (messages != check);
	}
out:
	port_close(&port);
	me->messages = messages;
	me->sum = sum;
}
#endif

#endif
