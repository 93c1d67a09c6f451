/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's ring for one producer and one consumer (ck_ring_spsc):
 * Lamport's ring. Each side reads the other side's index in every operation.
 */
#include "ck_common.h"

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;

	return ck_ring_enqueue_spsc(&q->ring, q->slots,
				    (void *)(uintptr_t)word);
}

/*
 * The caller's pointer is passed to the library. With a local variable instead,
 * ARM could free the slot before the word is read (a bug of ck_ring 0.7.1).
 */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;

	return ck_ring_dequeue_spsc(&q->ring, q->slots, (void *)word);
}

#include "workers.h"

EXPORT_BACKEND(ck_spsc, "Concurrency Kit ring", 0, PROGRESS_WAIT_FREE,
	       PROGRESS_WAIT_FREE)
