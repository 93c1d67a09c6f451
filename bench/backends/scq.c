/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nikolaev's lock-free ring, of our own making: src/scq.h says how it works and
 * why it is right.
 */
#include "contract.h"
#include "scq.h"

struct queue {
	struct scq scq;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? scq_init(&q->scq, capacity, 0) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	*usable = q->scq.capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	scq_free(&q->scq);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return scq_push(&port->queue->scq, word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return scq_pop(&port->queue->scq, word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return scq_is_empty(&port->queue->scq);
}

#include "workers.h"

EXPORT_BACKEND(scq, "own: Nikolaev's SCQ, lock-free",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_LOCK_FREE, PROGRESS_LOCK_FREE)
