/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Userspace RCU's queue for many producers and one consumer (cds_wfcq), without
 * bound. A push swaps the tail for its node and links the node to the old one:
 * two steps, whatever others do. The pop is the library's that does not wait,
 * and without its lock, which only several consumers need.
 *
 * A producer that is suspended between swap and link hides its message and all
 * that were pushed later (BACKEND_WEAK_EMPTY): pop is blocking. Who hides them
 * is in the middle of its push and notifies later, so nobody sleeps for ever
 * under `block`.
 *
 * Its nodes are the caller's, and may be used again as soon as they are taken
 * out: ck_pool.h has them, which costs a compare-and-swap on each side. Push is
 * wait-free in the library, but blocking here, since it may have to wait for
 * the allocator.
 *
 * NEEDS: urcu/wfcqueue.h liburcu-dev
 */
#define _LGPL_SOURCE /* functions inline, which its licence leaves us */
#include <urcu/wfcqueue.h>

#include <ck_stack.h>
#include <stdint.h>

struct node {
	struct cds_wfcq_node link;
	uint64_t word;
	ck_stack_entry_t unused;
};

#include "ck_pool.h"

struct queue {
	struct __cds_wfcq_head head RINGBENCH_ALIGNED;
	struct cds_wfcq_tail tail RINGBENCH_ALIGNED;
	struct pool pool;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct node *first;
	struct queue *q;

	if (capacity != 0)
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	first = q ? pool_take(&q->pool) : NULL;
	if (!first) {
		free(q);
		return -ENOMEM;
	}
	pool_give(&q->pool, first);
	__cds_wfcq_init(&q->head, &q->tail);
	*usable = 0;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	nodes_free(&q->pool.nodes);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	struct node *node = pool_take(&q->pool);

	if (RINGBENCH_UNLIKELY(!node))
		return false;
	node->word = word;
	cds_wfcq_node_init(&node->link);
	cds_wfcq_enqueue(&q->head, &q->tail, &node->link);
	return true;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	struct cds_wfcq_node *link = __cds_wfcq_dequeue_nonblocking(&q->head,
								    &q->tail);
	struct node *node = caa_container_of(link, struct node, link);

	if (!link || link == CDS_WFCQ_WOULDBLOCK)
		return false;
	*word = node->word;
	ck_pr_fence_release(); /* read, before a push may write it again */
	pool_give(&q->pool, node);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return cds_wfcq_empty(&port->queue->head, &port->queue->tail);
}

#include "workers.h"

EXPORT_BACKEND(urcu_wfcqueue, "Userspace RCU's list, wait-free push",
	       BACKEND_MULTI_PRODUCER | BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
