/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loops of stream for messages by value, in backends with QUEUE_HAS_VALUE.
 * A message is an array of words: the first word is the message number, each
 * later word is 1 more. The producer writes all words and the consumer reads
 * all words, as with payloads by reference.
 *
 * The sizes are constants, so that the compiler makes a copy out of a few
 * instructions. The only wait policies are spin and block, because each size
 * with each policy adds a loop to each backend. block sleeps on the eventcount
 * of src/ in all backends.
 */
#ifndef STREAM_VALUE_H
#define STREAM_VALUE_H

#include "backend.h"
#include "stream.h"

enum {
	STREAM_VALUE_MAX = 256, /* bytes */
};

#define STREAM_VALUE_WAITS(X, bytes) X(bytes, SPIN, spin) X(bytes, BLOCK, block)

/* X(bytes, WAIT, wait) for each loop by value. */
#define STREAM_VALUE_SIZES(X)     \
	STREAM_VALUE_WAITS(X, 8)  \
	STREAM_VALUE_WAITS(X, 32) \
	STREAM_VALUE_WAITS(X, 64) \
	STREAM_VALUE_WAITS(X, 256)

/* Counts a message with wrong words. Returns the message number. */
static RINGBENCH_INLINE uint64_t stream_value_read(const uint64_t *words,
						   size_t bytes,
						   struct order *order)
{
	uint64_t number = words[0], wrong = 0;

	for (size_t i = 1; i < bytes / sizeof(*words); i++)
		wrong |= words[i] ^ (number + i);
	order->foreign += wrong != 0;
	return number;
}

#if defined(WORKERS_H) && defined(QUEUE_HAS_VALUE)
/* The steps of a push or pop that can fail. */
enum value_step {
	VALUE_PLACE,
	VALUE_PUSH,
	VALUE_FRONT,
};

/* Tries one step. Returns NULL if the step fails. */
static RINGBENCH_INLINE const void *
value_attempt(struct value_port *port, size_t bytes, enum value_step step)
{
	if (step == VALUE_PLACE)
		return value_place(port, bytes);
	if (step == VALUE_PUSH)
		return value_push(port, bytes) ? port : NULL;
	return value_front(port, bytes);
}

/* Spins until the step succeeds. NULL: the run ended. */
static RINGBENCH_INLINE const void *value_spin(struct value_port *port,
					       size_t bytes, struct worker *me,
					       struct waitclock *clock,
					       enum value_step step)
{
	const void *done = NULL;
	uint64_t tries = 1;

	waitclock_start(clock);
	while (!done && !ringbench_load_relaxed(me->stop)) {
		ringbench_pause();
		if (RINGBENCH_UNLIKELY(tries == WAITCLOCK_HEAD_TRIES))
			waitclock_tail(clock);
		done = value_attempt(port, bytes, step);
		tries++;
	}
	waitclock_stop(clock, tries);
	return done;
}

static RINGBENCH_INLINE const void *value_block(struct value_port *port,
						struct channel *channel,
						size_t bytes, struct worker *me,
						enum value_step step)
{
	const void *done = NULL;
	struct wait wait;

	wait_begin(&wait, me, channel, step == VALUE_FRONT ? POP : PUSH,
		   WAIT_BLOCK, false);
	while (!done && wait_next(&wait))
		done = value_attempt(port, bytes, step);
	wait_end(&wait, done != NULL);
	return done;
}

/* Repeats a step until it succeeds, and waits in between. NULL: the run
 * ended. */
static RINGBENCH_INLINE const void *
value_step(struct value_port *port, struct channel *channel, size_t bytes,
	   struct worker *me, enum value_step step, enum wait_kind kind)
{
	struct waitclock *clock = step == VALUE_FRONT ? &me->empty : &me->full;
	const void *done = value_attempt(port, bytes, step);

	if (RINGBENCH_LIKELY(done))
		return done;
	if (kind == WAIT_BLOCK)
		return value_block(port, channel, bytes, me, step);
	return value_spin(port, bytes, me, clock, step);
}

static RINGBENCH_INLINE void
stream_value_producer(struct worker *me, size_t bytes, enum wait_kind kind)
{
	struct channel *out = me->out;
	uint64_t sent = 0;
	struct value_port port;

	value_port_open(&port, (struct value_queue *)out->queue, bytes);
	while (sent != me->limit && worker_goes_on(me, sent)) {
		uint64_t end = sent + stream_stride(me, sent);

		for (; sent != end; sent++) {
			uint64_t *words = (uint64_t *)value_step(
				&port, out, bytes, me, VALUE_PLACE, kind);

			if (RINGBENCH_UNLIKELY(!words))
				goto out;
			for (size_t i = 0; i < bytes / sizeof(*words); i++)
				words[i] = me->first + sent + i;
			if (RINGBENCH_UNLIKELY(!value_step(
				    &port, out, bytes, me, VALUE_PUSH, kind)))
				goto out;
			if (kind == WAIT_BLOCK)
				eventcount_notify(&out->not_empty);
		}
	}
out:
	me->messages = sent;
}

/* The consumer for any number of producers and consumers. */
static RINGBENCH_INLINE void
stream_value_consumer(struct worker *me, size_t bytes, enum wait_kind kind)
{
	struct channel *in = me->in;
	uint64_t messages = 0, sum = 0, slack = me->order.slack;
	struct value_port port;

	value_port_open(&port, (struct value_queue *)in->queue, bytes);
	while (messages != me->limit && worker_goes_on(me, messages)) {
		uint64_t end = messages + stream_stride(me, messages);

		for (; messages != end; messages++) {
			const void *found = value_step(&port, in, bytes, me,
						       VALUE_FRONT, kind);
			uint64_t number, *last;

			if (RINGBENCH_UNLIKELY(!found))
				goto out;
			number = stream_value_read((const uint64_t *)found,
						   bytes, &me->order);
			value_pop(&port, bytes);
			if (kind == WAIT_BLOCK)
				eventcount_notify(&in->not_full);
			last = &me->order.last[(number >>
						STREAM_PRODUCER_SHIFT) %
					       PRODUCERS_MAX];
			if (RINGBENCH_LIKELY(number - *last - 1 <= slack))
				*last = number;
			else
				order_irregular(&me->order, number);
			sum += number;
		}
	}
out:
	me->messages = messages;
	me->sum = sum;
}

#define STREAM_VALUE_LOOP(bytes, WAIT, wait)                              \
	static __attribute__((noinline)) void                             \
		stream_producer_value_##bytes##_##wait(struct worker *me) \
	{                                                                 \
		stream_value_producer(me, bytes, WAIT_##WAIT);            \
	}                                                                 \
	static __attribute__((noinline)) void                             \
		stream_consumer_value_##bytes##_##wait(struct worker *me) \
	{                                                                 \
		stream_value_consumer(me, bytes, WAIT_##WAIT);            \
	}
#define STREAM_VALUE_ENTRY(bytes, WAIT, wait)                \
	{ "stream_producer_value_" #bytes "_" #wait,         \
	  stream_producer_value_##bytes##_##wait },          \
		{ "stream_consumer_value_" #bytes "_" #wait, \
		  stream_consumer_value_##bytes##_##wait },
/* The loops by value of a backend; see workers.h. */
#define VALUE_LOOPS	   STREAM_VALUE_SIZES(STREAM_VALUE_LOOP)
#define VALUE_LOOP_ENTRIES STREAM_VALUE_SIZES(STREAM_VALUE_ENTRY)
#endif

#endif
