/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's ring for many producers and consumers (ck_ring_mpmc).
 * Producers commit in the order of their claims, so a producer that is
 * suspended between claim and commit stops all other producers: push is
 * blocking. A pop copies the word first and then claims by compare-and-swap:
 * lock-free.
 */
#include "ck_common.h"

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;

	return ck_ring_enqueue_mpmc(&q->ring, q->slots,
				    (void *)(uintptr_t)word);
}

/* ck_ring_trydequeue_mpmc() is not used, because it also fails if it loses a
 * race. */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;

	return ck_ring_dequeue_mpmc(&q->ring, q->slots, (void *)word);
}

#include "workers.h"

EXPORT_BACKEND(ck_mpmc, "Concurrency Kit ring",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_LOCK_FREE)
