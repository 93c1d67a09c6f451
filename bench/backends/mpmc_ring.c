/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * This project's ring for many producers and consumers. src/mpmc_ring.h
 * describes the algorithm and why it is correct.
 */
#define QUEUE_HAS_PORT
#include "contract.h"
#include "mpmc_ring.h"

struct queue {
	struct mpmc_ring ring;
};

struct port {
	struct mpmc_end end;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? mpmc_ring_init(&q->ring, capacity) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	*usable = mpmc_ring_capacity(&q->ring);
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	mpmc_ring_free(&q->ring);
	free(q);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *q)
{
	mpmc_end_open(&port->end, &q->ring);
}

QUEUE_OPERATION void port_close(struct port *port)
{
	mpmc_end_close(&port->end);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return mpmc_push(&port->end, word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return mpmc_pop(&port->end, word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return mpmc_is_empty(&port->end);
}

#include "workers.h"

EXPORT_BACKEND(mpmc_ring, "own: SPSC until a second thread comes, then MPMC",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
