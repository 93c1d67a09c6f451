/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The textbook bounded buffer (Dijkstra, 1965): a counter of messages, a
 * counter of free slots, and a ring under a mutex. A push takes a token of a
 * free slot, pushes the word, and gives a token of a message. A pop does the
 * reverse. Backends that count and wait in different ways include this file:
 * each defines struct tokens before it and the tokens_*() functions after it.
 *
 * A thread that is suspended while it holds the mutex stops all other threads:
 * blocking. A thread that is suspended between its two tokens holds one of
 * them. So the queue can look full although a message was popped, or empty
 * although a message is there (BACKEND_WEAK_EMPTY).
 */
#ifndef COUNTED_RING_H
#define COUNTED_RING_H

#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#include <errno.h>
#include <limits.h>
#include <pthread.h>

#include "contract.h"
#include "fifo.h"

struct queue {
	struct tokens messages RINGBENCH_ALIGNED;
	struct tokens free_slots RINGBENCH_ALIGNED;
	pthread_mutex_t lock RINGBENCH_ALIGNED;
	struct fifo fifo;
	bool closed RINGBENCH_ALIGNED;
};

/* Initialises a counter. Returns 0 or a negative errno. */
static int tokens_init(struct tokens *tokens, unsigned int count);
static void tokens_destroy(struct tokens *tokens);
static RINGBENCH_INLINE bool tokens_none(struct tokens *tokens);
static RINGBENCH_INLINE void tokens_give(struct tokens *tokens);
/*
 * tokens_take() returns false if there is no token, tokens_take_until() only
 * after the deadline. Only tokens_take_until() sleeps; contract.h describes the
 * argument `clock`.
 */
static RINGBENCH_INLINE bool tokens_take(struct tokens *tokens);
static inline bool tokens_take_until(struct tokens *tokens, int64_t deadline_ns,
				     struct waitclock *clock);

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q;
	int error;

	if (capacity >= INT_MAX)
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	error = fifo_init(&q->fifo, capacity);
	if (error)
		goto no_ring;
	error = tokens_init(&q->messages, 0);
	if (error)
		goto no_messages;
	error = tokens_init(&q->free_slots, (unsigned int)capacity);
	if (error)
		goto no_free_slots;
	pthread_mutex_init(&q->lock, NULL);
	*usable = capacity;
	*queue = q;
	return 0;
no_free_slots:
	tokens_destroy(&q->messages);
no_messages:
	fifo_free(&q->fifo);
no_ring:
	free(q);
	return error;
}

static void queue_destroy(struct queue *q)
{
	pthread_mutex_destroy(&q->lock);
	tokens_destroy(&q->free_slots);
	tokens_destroy(&q->messages);
	fifo_free(&q->fifo);
	free(q);
}

/*
 * Adds one token to each counter. A thread that takes this token and finds no
 * message or free slot gives the token back, which wakes the next thread.
 */
static void queue_close(struct queue *q)
{
	ringbench_store_release(&q->closed, true);
	tokens_give(&q->messages);
	tokens_give(&q->free_slots);
}

/* The caller has taken a token of a free slot. */
static RINGBENCH_INLINE bool push_word(struct queue *q, uint64_t word)
{
	bool pushed;

	pthread_mutex_lock(&q->lock);
	pushed = fifo_push(&q->fifo, word);
	pthread_mutex_unlock(&q->lock);
	tokens_give(pushed ? &q->messages : &q->free_slots);
	return pushed;
}

/* The caller has taken a token of a message. */
static RINGBENCH_INLINE bool pop_word(struct queue *q, uint64_t *word)
{
	bool popped;

	pthread_mutex_lock(&q->lock);
	popped = fifo_pop(&q->fifo, word);
	pthread_mutex_unlock(&q->lock);
	tokens_give(popped ? &q->free_slots : &q->messages);
	return popped;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return tokens_take(&port->queue->free_slots) &&
	       push_word(port->queue, word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return tokens_take(&port->queue->messages) &&
	       pop_word(port->queue, word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return tokens_none(&port->queue->messages);
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	struct queue *q = port->queue;

	if (!tokens_take_until(&q->free_slots, deadline_ns, clock))
		return QUEUE_TIMEOUT;
	if (ringbench_load_acquire(&q->closed)) {
		tokens_give(&q->free_slots);
		return QUEUE_CLOSED;
	}
	return push_word(q, word) ? QUEUE_OK : QUEUE_CLOSED;
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	if (!tokens_take_until(&port->queue->messages, deadline_ns, clock))
		return QUEUE_TIMEOUT;
	return pop_word(port->queue, word) ? QUEUE_OK : QUEUE_CLOSED;
}

#endif
