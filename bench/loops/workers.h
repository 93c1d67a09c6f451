/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The measured loops, compiled into every backend. Include this file after the
 * operations that contract.h requires; then write EXPORT_BACKEND.
 *
 * A loop is an always-inline function with the wait policy as a constant
 * argument. This file makes one plain function for each loop and policy, so
 * that a profile shows both names.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <errno.h>

#include "backend.h"
#include "contract.h"
/* Scenarios' loops may use it. Its system headers must be outside of the
 * namespace below. */
#include "histogram.h"
#include "waiting.h"

#ifdef __cplusplus
namespace
{
#endif

/*
 * The build makes this file. It includes the headers that have loops and lists
 * the loops in SCENARIO_LOOPS.
 */
#include "scenario_loops.h"
#ifdef WORKERS_WITHOUT_LOOPS
/* The contract tests call only operations, no loops. */
#undef SCENARIO_LOOPS
#define SCENARIO_LOOPS(loop)
#endif

#define WORKER_LOOP(body, NAME, name, is_timed, is_blocking, meaning)          \
	static __attribute__((noinline)) void body##_##name(struct worker *me) \
	{                                                                      \
		body(me, WAIT_##NAME);                                         \
	}
#define WORKER_LOOPS(body) WAIT_POLICIES(WORKER_LOOP, body)
SCENARIO_LOOPS(WORKER_LOOPS)

#define WORKER_NAME(body, NAME, name, is_timed, is_blocking, meaning) \
	body##_##name,
#define WORKER_ENTRY(body) { #body, { WAIT_POLICIES(WORKER_NAME, body) } },
static const struct loop worker_loops[] = { SCENARIO_LOOPS(WORKER_ENTRY){
	NULL, { NULL } } };

#ifdef QUEUE_HAS_VALUE
#ifdef WORKERS_WITHOUT_LOOPS
#undef VALUE_LOOPS
#define VALUE_LOOPS
#undef VALUE_LOOP_ENTRIES
#define VALUE_LOOP_ENTRIES
#endif
VALUE_LOOPS
static const struct value_loop value_loops[] = { VALUE_LOOP_ENTRIES{ NULL,
								     NULL } };

static int channel_create_value(struct channel *channel, size_t capacity,
				size_t bytes)
{
	struct value_queue *queue = NULL;
	int error = value_create(capacity, bytes, &queue,
				 &channel->capacity_usable);

	channel->queue = queue;
	channel->value_bytes = bytes;
	return error;
}

static void channel_drain_value(struct channel *channel,
				void (*each)(void *arg, uint64_t word),
				void *arg)
{
	size_t bytes = channel->value_bytes;
	struct value_port port;
	const void *found;

	value_port_open(&port, (struct value_queue *)channel->queue, bytes);
	while ((found = value_front(&port, bytes)) != NULL) {
		each(arg, (uintptr_t)found);
		value_pop(&port, bytes);
	}
}
/* All words of the message are the word. */
static bool channel_feed_value(struct channel *channel, uint64_t word)
{
	size_t bytes = channel->value_bytes;
	struct value_port port;
	uint64_t *words;

	value_port_open(&port, (struct value_queue *)channel->queue, bytes);
	words = (uint64_t *)value_place(&port, bytes);
	if (!words)
		return false;
	for (size_t i = 0; i < bytes / sizeof(*words); i++)
		words[i] = word;
	return value_push(&port, bytes);
}
#define CHANNEL_CREATE_VALUE channel_create_value
#define CHANNEL_VALUE_LOOPS  value_loops
#else
#define CHANNEL_CREATE_VALUE NULL
#define CHANNEL_VALUE_LOOPS  NULL
#endif

#ifdef QUEUE_HAS_SHARED
static int channel_create_shared(struct channel *channel, void *memory,
				 size_t capacity, size_t bytes)
{
	channel->queue = memory;
	channel->capacity_usable = capacity;
	channel->value_bytes = bytes;
	return value_init((struct value_queue *)memory, capacity, bytes);
}
#define CHANNEL_SHARED_BYTES  value_bytes
#define CHANNEL_CREATE_SHARED channel_create_shared
#else
#define CHANNEL_SHARED_BYTES  NULL
#define CHANNEL_CREATE_SHARED NULL
#endif

static int channel_create(struct channel *channel, size_t capacity)
{
	struct queue *queue = NULL;
	int error = queue_create(capacity, &queue, &channel->capacity_usable);

	channel->queue = queue;
	eventcount_init(&channel->not_empty, 0);
	eventcount_init(&channel->not_full,
			eventcount_half(channel->capacity_usable));
	return error;
}

static void channel_destroy(struct channel *channel)
{
#ifdef QUEUE_HAS_VALUE
	if (channel->value_bytes) {
		value_destroy((struct value_queue *)channel->queue);
		return;
	}
#endif
	queue_destroy((struct queue *)channel->queue);
}

static void channel_close(struct channel *channel)
{
	ringbench_store_release(&channel->closed, 1);
	eventcount_wake_all(&channel->not_empty);
	eventcount_wake_all(&channel->not_full);
#ifdef QUEUE_HAS_CLOSE
	if (channel->value_bytes)
		return;
	queue_close((struct queue *)channel->queue);
#endif
}

static bool channel_feed(struct channel *channel, uint64_t word)
{
	struct port port;
	bool fed;

#ifdef QUEUE_HAS_VALUE
	if (channel->value_bytes)
		return channel_feed_value(channel, word);
#endif
	port_open(&port, (struct queue *)channel->queue);
	fed = queue_try_push(&port, word);
	port_close(&port);
	if (fed && !NATIVE_WAIT)
		eventcount_notify(&channel->not_empty);
	return fed;
}

static void channel_drain(struct channel *channel,
			  void (*each)(void *arg, uint64_t word), void *arg)
{
	struct port port;
	uint64_t word = 0;

#ifdef QUEUE_HAS_VALUE
	if (channel->value_bytes) {
		channel_drain_value(channel, each, arg);
		return;
	}
#endif
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
 * The last line of a backend. The arguments are its name, one line of
 * description, its enum backend_flag bits, and the strict progress classes of
 * push and pop. The name must be the file name, because the build makes the
 * list of backends from the file names; another name does not link.
 */
#define EXPORT_BACKEND(name, summary, flags, push, pop)         \
	EXPORT_C const struct backend backend_##name;           \
	const struct backend backend_##name = {                 \
		#name,                                          \
		summary,                                        \
		(flags) | (NATIVE_WAIT * BACKEND_NATIVE_WAIT) | \
			(NATIVE_BULK * BACKEND_NATIVE_BULK) |   \
			(CLAIMS * BACKEND_CLAIMS),              \
		push,                                           \
		pop,                                            \
		channel_create,                                 \
		channel_destroy,                                \
		channel_close,                                  \
		channel_feed,                                   \
		channel_drain,                                  \
		worker_loops,                                   \
		CHANNEL_CREATE_VALUE,                           \
		CHANNEL_VALUE_LOOPS,                            \
		CHANNEL_SHARED_BYTES,                           \
		CHANNEL_CREATE_SHARED                           \
	};

#endif
