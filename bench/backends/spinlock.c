/* SPDX-License-Identifier: BSD-2-Clause */
/* A ring under Concurrency Kit's default spinlock (ck_spinlock, fas). */
#include <ck_spinlock.h>
#include <errno.h>

#include "contract.h"
#include "fifo.h"

struct queue {
	ck_spinlock_t lock;
	struct fifo fifo;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? fifo_init(&q->fifo, capacity) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	ck_spinlock_init(&q->lock);
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
	bool pushed;

	ck_spinlock_lock(&q->lock);
	pushed = fifo_push(&q->fifo, word);
	ck_spinlock_unlock(&q->lock);
	return pushed;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	bool popped;

	ck_spinlock_lock(&q->lock);
	popped = fifo_pop(&q->fifo, word);
	ck_spinlock_unlock(&q->lock);
	return popped;
}

/* Locks, like Python's Queue.empty(). */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	struct queue *q = port->queue;
	bool empty;

	ck_spinlock_lock(&q->lock);
	empty = q->fifo.count == 0;
	ck_spinlock_unlock(&q->lock);
	return empty;
}

#include "workers.h"

EXPORT_BACKEND(spinlock, "ring under a CK spinlock",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
