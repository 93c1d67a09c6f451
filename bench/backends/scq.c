/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * This project's implementation of Nikolaev's SCQ. src/scq.h describes the
 * algorithm, why it is correct, and why its progress is declared as blocking:
 * suspended threads, as many as the queue holds messages, stop all other
 * threads.
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

EXPORT_BACKEND(scq, "own: Nikolaev's SCQ",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
