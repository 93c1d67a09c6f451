/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A correct queue with one planted fault, for the tests of the checks. The
 * including file defines planted_pop(), which is called for every pop while the
 * lock is held.
 */
#ifndef FAULTY_H
#define FAULTY_H

#include <errno.h>
#include <pthread.h>

#include "contract.h"
#include "fifo.h"

struct queue {
	pthread_mutex_t lock;
	struct fifo fifo;
	uint64_t pops; /* number of successful pops */
	uint64_t kept; /* a word that the fault keeps for later; 0: none */
};

/* A fault happens once in this number of messages. */
enum {
	FAULT_EVERY = 1000
};

/* Pops from the queue's fifo with a fault. Returns true if *word was set. */
static bool planted_pop(struct queue *q, uint64_t *word);

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));

	if (!q || fifo_init(&q->fifo, capacity) != 0)
		return -ENOMEM;
	pthread_mutex_init(&q->lock, NULL);
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	fifo_free(&q->fifo);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	bool room;

	pthread_mutex_lock(&q->lock);
	room = fifo_push(&q->fifo, word);
	pthread_mutex_unlock(&q->lock);
	return room;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	bool found;

	pthread_mutex_lock(&q->lock);
	found = planted_pop(q, word);
	q->pops += found;
	pthread_mutex_unlock(&q->lock);
	return found;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	struct queue *q = port->queue;
	bool empty;

	pthread_mutex_lock(&q->lock);
	empty = q->fifo.count == 0 && q->kept == 0;
	pthread_mutex_unlock(&q->lock);
	return empty;
}

#define EXPORT_FAULTY_KIND(name, summary, kind)                          \
	EXPORT_BACKEND(name, summary,                                    \
		       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER | \
			       (kind),                                   \
		       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
#define EXPORT_FAULTY(name, summary) EXPORT_FAULTY_KIND(name, summary, 0)
#define EXPORT_FAULTY_STACK(name, summary) \
	EXPORT_FAULTY_KIND(name, summary, BACKEND_LIFO)

#endif
