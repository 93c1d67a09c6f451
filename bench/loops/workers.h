/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The measured loops, compiled into every backend; include it after the
 * operations that contract.h asks for, then write EXPORT_BACKEND.
 *
 * A loop is a plain function whose wait policy is a constant argument of an
 * always-inline body; this file makes one function of it for every policy, so
 * that a profile names both.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <errno.h>

#include "backend.h"
#include "contract.h"
#include "waiting.h"

#ifdef __cplusplus
namespace
{
#endif

#include "scenarios/pingpong.h"
#include "relay.h"
#include "scenarios/stream.h"
#include "scenarios/stream_batch.h"

#define LOOP(body, kind, suffix)                               \
	static __attribute__((noinline)) void body##_##suffix( \
		struct worker *me)                             \
	{                                                      \
		body(me, kind);                                \
	}
#define LOOPS(body)                       \
	LOOP(body, WAIT_POLL, poll)       \
	LOOP(body, WAIT_SPIN, spin)       \
	LOOP(body, WAIT_YIELD, yield)     \
	LOOP(body, WAIT_SLEEP, sleep)     \
	LOOP(body, WAIT_BLOCK, block)     \
	LOOP(body, WAIT_TIMEOUT, timeout) \
	LOOP(body, WAIT_PARK, park)
#define LOOP_NAMES(body)                                              \
	{                                                             \
		body##_poll, body##_spin, body##_yield, body##_sleep, \
			body##_block, body##_timeout, body##_park     \
	}

/* In the order of enum loop_kind and enum wait_kind. */
LOOPS(pingpong_one_queue)
LOOPS(pingpong_two_queues)
LOOPS(stream_producer)
LOOPS(stream_consumer)
LOOPS(stream_consumer_of_many)
LOOPS(stream_consumer_unordered)
LOOPS(stream_producer_bulk)
LOOPS(stream_consumer_bulk)
LOOPS(stream_producer_payload)
LOOPS(stream_consumer_payload)
LOOPS(relay_source)
LOOPS(relay_stage)

static loop_function *const worker_loops[LOOP_KINDS][WAIT_KINDS] = {
	LOOP_NAMES(pingpong_one_queue),
	LOOP_NAMES(pingpong_two_queues),
	LOOP_NAMES(stream_producer),
	LOOP_NAMES(stream_consumer),
	LOOP_NAMES(stream_consumer_of_many),
	LOOP_NAMES(stream_consumer_unordered),
	LOOP_NAMES(stream_producer_bulk),
	LOOP_NAMES(stream_consumer_bulk),
	LOOP_NAMES(stream_producer_payload),
	LOOP_NAMES(stream_consumer_payload),
	LOOP_NAMES(relay_source),
	LOOP_NAMES(relay_stage),
};

static int channel_create(struct channel *channel, size_t capacity)
{
	struct queue *queue = NULL;
	int error = queue_create(capacity, &queue, &channel->capacity_usable);

	channel->queue = queue;
	return error;
}

static void channel_destroy(struct channel *channel)
{
	queue_destroy((struct queue *)channel->queue);
}

static void channel_close(struct channel *channel)
{
	store_release(&channel->closed, 1);
	eventcount_wake_all(&channel->not_empty);
	eventcount_wake_all(&channel->not_full);
#ifdef QUEUE_HAS_CLOSE
	queue_close((struct queue *)channel->queue);
#endif
}

static bool channel_feed(struct channel *channel, uint64_t word)
{
	struct port port;
	bool fed;

	port_open(&port, (struct queue *)channel->queue);
	fed = queue_try_push(&port, word);
	port_close(&port);
	if (fed && !OWN_WAIT)
		eventcount_notify(&channel->not_empty);
	return fed;
}

static void channel_drain(struct channel *channel,
			  void (*each)(void *arg, uint64_t word), void *arg)
{
	struct port port;
	uint64_t word = 0;

	port_open(&port, (struct queue *)channel->queue);
	while (!queue_is_empty(&port) && queue_try_pop(&port, &word))
		each(arg, word);
	port_close(&port);
}

#ifdef __cplusplus
}
#define EXPORT_C extern "C"
#else
#define EXPORT_C
#endif

/*
 * The last line of a backend: its name, which must be the file's (the list of
 * backends is made from the file names, so another name does not link), one
 * line about it, its enum backend_flag bits, and the strict progress classes
 * of push and pop.
 */
#define EXPORT_BACKEND(name, summary, flags, push, pop)   \
	EXPORT_C const struct backend backend_##name;     \
	const struct backend backend_##name = {           \
		#name,                                    \
		summary,                                  \
		(flags) | (OWN_WAIT * BACKEND_OWN_WAIT) | \
			(OWN_BULK * BACKEND_OWN_BULK),    \
		push,                                     \
		pop,                                      \
		channel_create,                           \
		channel_destroy,                          \
		channel_close,                            \
		channel_feed,                             \
		channel_drain,                            \
		worker_loops                              \
	};

#endif
