/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GLib's GAsyncQueue: a linked list under a mutex with one condition variable,
 * without bound. Blocking on both sides; "empty" and "full" are exact.
 *
 * It would take all memory of a machine whose consumer is too slow, so a push
 * looks at its length under the lock that it takes anyway, and refuses at 2^20
 * messages. It waits for messages in its own way, which cannot be ended from
 * outside: a waiting thread is asked every 10 ms.
 *
 * GLib is linked into the program: as a shared library it and what it needs
 * would be loaded at each start.
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

/* Those who wait are counted as messages that are owed. */
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
