/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GLib's GAsyncQueue: a linked list under a mutex with one condition variable,
 * without capacity limit. Blocking on both sides; "empty" and "full" are exact.
 *
 * It would take all memory of the machine if its consumer is too slow. So a
 * push checks the length under the lock and refuses at 2^20 messages. The queue
 * has a native wait for messages only. An end mark in the list ends the waits;
 * a push that is refused tries again every millisecond.
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
#define QUEUE_HAS_BULK
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#include <errno.h>
#include <glib.h>

#include "ringbench_clock.h"
#include "contract.h"
#include "ringbench_memory.h"

_Static_assert(sizeof(gpointer) == sizeof(uint64_t),
	       "it carries pointers, a message is 64 bits");

enum {
	LENGTH_MAX = 1 << 20
};

struct queue {
	GAsyncQueue *list;
	uint32_t closed RINGBENCH_ALIGNED;
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

/* The address of the queue is the end mark: no message has this value. */
static void queue_close(struct queue *q)
{
	g_async_queue_lock(q->list);
	if (!q->closed) {
		ringbench_store_release(&q->closed, 1);
		g_async_queue_push_unlocked(q->list, q);
	}
	g_async_queue_unlock(q->list);
}

static RINGBENCH_INLINE bool push_locked(GAsyncQueue *list, uint64_t word)
{
	if (g_async_queue_length_unlocked(list) >= LENGTH_MAX)
		return false;
	g_async_queue_push_unlocked(list, (gpointer)(uintptr_t)word);
	return true;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	bool pushed;

	g_async_queue_lock(port->queue->list);
	pushed = push_locked(port->queue->list, word);
	g_async_queue_unlock(port->queue->list);
	return pushed;
}

/* Pushes all words under one lock, by the functions *_unlocked() of the
 * library. */
QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	size_t done = 0;

	g_async_queue_lock(port->queue->list);
	while (done < count && push_locked(port->queue->list, words[done]))
		done++;
	g_async_queue_unlock(port->queue->list);
	return done;
}

/*
 * A popped item is a message, nothing, or the end mark, which stays in the
 * list: every thread that waits must see it. The caller holds the lock. Later
 * messages may stand behind the end mark.
 */
static RINGBENCH_INLINE enum queue_status take(struct queue *q, gpointer taken,
					       uint64_t *word)
{
	if (RINGBENCH_UNLIKELY(taken == q)) {
		taken = g_async_queue_try_pop_unlocked(q->list);
		g_async_queue_push_unlocked(q->list, q);
		if (!taken)
			return QUEUE_CLOSED;
	}
	if (!taken)
		return QUEUE_TIMEOUT;
	*word = (uintptr_t)taken;
	return QUEUE_OK;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	enum queue_status status;

	g_async_queue_lock(q->list);
	status = take(q, g_async_queue_try_pop_unlocked(q->list), word);
	g_async_queue_unlock(q->list);
	return status == QUEUE_OK;
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	struct queue *q = port->queue;
	size_t done = 0;

	g_async_queue_lock(q->list);
	while (done < count && take(q, g_async_queue_try_pop_unlocked(q->list),
				    &words[done]) == QUEUE_OK)
		done++;
	g_async_queue_unlock(q->list);
	return done;
}

/* GLib counts each waiting thread as -1 in the length. */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return g_async_queue_length(port->queue->list) <=
	       (gint)ringbench_load_acquire(&port->queue->closed);
}

/* Like g_async_queue_pop(): the thread holds one lock while it looks for a
 * message and until it sleeps. */
QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	struct queue *q = port->queue;
	enum queue_status status;
	int64_t left_ns = 1;
	gpointer taken;

	g_async_queue_lock(q->list);
	taken = g_async_queue_try_pop_unlocked(q->list);
	while (!taken && left_ns > 0) {
		waitclock_sleeps(clock);
		if (deadline_ns == RINGBENCH_NEVER) {
			taken = g_async_queue_pop_unlocked(q->list);
			break;
		}
		left_ns = deadline_ns - ringbench_now_ns();
		taken = g_async_queue_timeout_pop_unlocked(
			q->list, left_ns > 0 ? (guint64)left_ns / 1000 + 1 : 0);
	}
	status = take(q, taken, word);
	g_async_queue_unlock(q->list);
	return status;
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	struct queue *q = port->queue;

	while (!ringbench_load_acquire(&q->closed)) {
		const struct timespec nap = { 0, RINGBENCH_NS_PER_MS };

		if (queue_try_push(port, word))
			return QUEUE_OK;
		waitclock_sleeps(clock);
		if (ringbench_now_ns() >= deadline_ns)
			return QUEUE_TIMEOUT;
		nanosleep(&nap, NULL);
	}
	return QUEUE_CLOSED;
}

#include "workers.h"

EXPORT_BACKEND(glib_async_queue, "GLib's GAsyncQueue",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_UNBOUNDED | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
