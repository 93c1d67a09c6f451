/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Userspace RCU's queue for many producers and one consumer (cds_wfcq), without
 * capacity limit. A push exchanges the tail for its node and links the previous
 * tail to the node: two steps, independent of other threads. The pop is the
 * library's non-blocking pop without its lock, which only several consumers
 * need.
 *
 * A producer that is suspended between exchange and link hides its message and
 * all later messages (BACKEND_WEAK_EMPTY): pop is blocking. Under `block`, no
 * thread sleeps for ever, because the producer that hides the messages is
 * inside its push and calls notify afterwards.
 *
 * The caller provides the nodes, and a node may be reused as soon as it was
 * popped. ck_pool.h manages the nodes, which costs one compare-and-swap on each
 * side. The library's push is wait-free; here it is blocking, because it may
 * have to wait for the allocator.
 *
 * NEEDS: urcu/wfcqueue.h liburcu-dev
 */
#define _LGPL_SOURCE /* inline functions; this project's licence permits it */
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
	/* read the word before a push may overwrite it */
	ck_pr_fence_release();
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
