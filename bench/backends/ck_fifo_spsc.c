/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's linked queue for one producer and one consumer
 * (ck_fifo_spsc), without bound. The head is a node whose message is gone: the
 * consumer moves it on, and the producer takes the nodes behind it for new
 * messages (ck_fifo_spsc_recycle, Vyukov's way: the nodes never leave the list,
 * and the producer looks at the head only when it has used up what it saw
 * there). So no node changes hands except through the queue's two pointers:
 * next, whose store publishes a message, and head, whose store gives back a
 * node after its message was read.
 *
 * Where no node has come back, the producer makes more (ck_nodes.h). Pop is
 * wait-free; so is push, except that it may have to wait for the allocator.
 */
#include <ck_fifo.h>

struct node {
	ck_fifo_spsc_entry_t entry;
};

#include "ck_nodes.h"

struct queue {
	ck_fifo_spsc_t fifo RINGBENCH_ALIGNED;
	struct nodes nodes RINGBENCH_ALIGNED; /* the producer's, as all below */
	struct node *fresh;		      /* not used so far */
	size_t fresh_count;
};

/* The producer's: a node, or NULL. */
static RINGBENCH_INLINE ck_fifo_spsc_entry_t *take_fresh(struct queue *q)
{
	if (q->fresh_count == 0) {
		q->fresh = nodes_grow(&q->nodes);
		if (!q->fresh)
			return NULL;
		q->fresh_count = NODES_A_CHUNK;
	}
	q->fresh_count--;
	return &(q->fresh++)->entry;
}

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q;

	if (capacity != 0)
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	if (!take_fresh(q)) {
		free(q);
		return -ENOMEM;
	}
	ck_fifo_spsc_init(&q->fifo, &q->fresh[-1].entry);
	*usable = 0;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	nodes_free(&q->nodes);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	ck_fifo_spsc_entry_t *entry = ck_fifo_spsc_recycle(&q->fifo);

	if (RINGBENCH_UNLIKELY(!entry))
		entry = take_fresh(q);
	if (RINGBENCH_UNLIKELY(!entry))
		return false;
	ck_fifo_spsc_enqueue(&q->fifo, entry, (void *)(uintptr_t)word);
	return true;
}

/*
 * The caller's own pointer goes in: the library orders the store to it before
 * that to the head, which is what keeps the producer from the node until then.
 */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return ck_fifo_spsc_dequeue(&port->queue->fifo, (void *)word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return ck_fifo_spsc_isempty(&port->queue->fifo);
}

#include "workers.h"

EXPORT_BACKEND(ck_fifo_spsc, "Concurrency Kit list", BACKEND_UNBOUNDED,
	       PROGRESS_BLOCKING, PROGRESS_WAIT_FREE)
