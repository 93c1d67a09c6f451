/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's linked queue for one producer and one consumer
 * (ck_fifo_spsc), without capacity limit. The head is a node whose message was
 * popped. The consumer advances the head, and the producer reuses the nodes
 * before the head (ck_fifo_spsc_recycle, Vyukov's algorithm). The nodes never
 * leave the list, and the producer reads the head only when it has reused all
 * nodes up to the last head that it read. So a node changes its owner only
 * through two pointers: the store to `next` publishes a message, and the store
 * to `head` gives back a node after its message was read.
 *
 * If no node was given back, the producer makes more (ck_nodes.h). Pop is
 * wait-free. Push is wait-free except that it may have to wait for the
 * allocator.
 */
#include <ck_fifo.h>

struct node {
	ck_fifo_spsc_entry_t entry;
};

#include "ck_nodes.h"

struct queue {
	ck_fifo_spsc_t fifo RINGBENCH_ALIGNED;
	/* used by the producer only, like all fields below */
	struct nodes nodes RINGBENCH_ALIGNED;
	/* next node that was never used */
	struct node *fresh;
	size_t fresh_count;
};

/* Called by the producer. Returns a node, or NULL. */
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
 * The caller's pointer is passed to the library, which orders the store to it
 * before the store to the head. This order keeps the producer from reusing the
 * node too early.
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
