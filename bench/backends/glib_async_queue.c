/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GLib's GAsyncQueue: a linked list under a mutex with one condition variable,
 * without capacity limit. Blocking on both sides; "empty" and "full" are exact.
 *
 * It would take all memory of the machine if its consumer is too slow. So a
 * push checks the length under the lock and refuses at 2^20 messages. The queue
 * has a native wait for messages that cannot be ended by another thread, so a
 * wait lasts at most 10 ms and is then repeated.
 *
 * GLib is linked statically: as a shared library, GLib and its dependencies
 * would be loaded at each start of the program.
 *
 * NEEDS: glib-2.0/glib.h libglib2.0-dev
 * CPPFLAGS: -isystem /usr/include/glib-2.0
 * CPPFLAGS: -isystem /usr/lib/x86_64-linux-gnu/glib-2.0/include
 * CPPFLAGS: -isystem /usr/lib/aarch64-linux-gnu/glib-2.0/include
 * LDLIBS: -l:libglib-2.0.a -l:libpcre2-8.a
 */
#define QUEUE_HAS_WAIT
#include <errno.h>
#include <glib.h>

#include "contract.h"
#include "ringbench_memory.h"
#include "unbounded_wait.h"

_Static_assert(sizeof(gpointer) == sizeof(uint64_t),
	       "it carries pointers, a message is 64 bits");

enum {
	LENGTH_MAX = 1 << 20
};

struct queue {
	GAsyncQueue *list;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q;

	if (capacity != 0)
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->list = g_async_queue_new();
	*usable = 0;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	g_async_queue_unref(q->list);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	GAsyncQueue *list = port->queue->list;
	bool room;

	g_async_queue_lock(list);
	room = g_async_queue_length_unlocked(list) < LENGTH_MAX;
	if (room)
		g_async_queue_push_unlocked(list, (gpointer)(uintptr_t)word);
	g_async_queue_unlock(list);
	return room;
}

static RINGBENCH_INLINE bool take(gpointer taken, uint64_t *word)
{
	if (taken)
		*word = (uintptr_t)taken;
	return taken;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return take(g_async_queue_try_pop(port->queue->list), word);
}

/* GLib counts each waiting thread as -1 in the length. */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return g_async_queue_length(port->queue->list) <= 0;
}

QUEUE_OPERATION enum queue_status
queue_pop_until(struct port *port, uint64_t *word, int64_t deadline_ns)
{
	int64_t left_ns;

	do {
		left_ns = deadline_ns - ringbench_now_ns();
		if (take(g_async_queue_timeout_pop(
				 port->queue->list,
				 left_ns > 0 ? (guint64)left_ns / 1000 + 1 : 0),
			 word))
			return QUEUE_OK;
	} while (left_ns > 0);
	return QUEUE_TIMEOUT;
}

#include "workers.h"

EXPORT_BACKEND(glib_async_queue, "GLib's GAsyncQueue",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_UNBOUNDED | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
