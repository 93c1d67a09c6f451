/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's linked queue for many producers and consumers
 * (ck_fifo_mpmc: Michael and Scott's list), without capacity limit. Nodes are
 * reused at once through a ck_stack and are freed only with the queue, so a
 * late thread reads an old node and no freed memory. A count beside head and
 * tail makes the late compare-and-swap fail. In version 0.7.1 this does not
 * suffice in two cases, which tests/unit/ck_fifo_test.c shows step by step. The
 * contract tests count how often case 1 happens by chance: a few times in
 * millions of pops, or never.
 *
 * 1. A pop may report "empty" although the queue is never empty
 *    (BACKEND_WEAK_EMPTY). The pop loads the head H, the tail, and the link of
 *    H, and does not check whether H is still the head. If other threads
 *    meanwhile pop H and push H again with another message, H is the tail and
 *    has no successor. Michael and Scott's algorithm checks the head again.
 * 2. A push sets the count in the link of its node to 0. A late push that has
 *    found the tail T without a successor may therefore append its node to T
 *    after T was popped and while another push is about to append T. Its
 *    message is invisible until that other push continues, and later messages
 *    of the same producer overtake it. stream with several producers then
 *    reports "reordered". No message is lost.
 *
 * Under `block`, no thread sleeps for ever while a message is there. A thread
 * announces its sleep and tries again (waiting.h). A false "empty" of this try
 * means that another thread appended a node after the announcement. That thread
 * calls notify after its push, sees the announcement, and wakes all threads.
 * The same holds for the push of case 2 that makes a message visible. A thread
 * that is suspended before its notify only delays the wake-up.
 *
 * Pop is lock-free. Push is lock-free until it waits for the allocator.
 */
#include <ck_fifo.h>
#include <ck_stack.h>

struct node {
	ck_fifo_mpmc_entry_t entry;
	ck_stack_entry_t unused;
};

#include "ck_pool.h"

struct queue {
	ck_fifo_mpmc_t fifo RINGBENCH_ALIGNED;
	struct pool pool;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct node *stub;
	struct queue *q;

	if (capacity != 0)
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	stub = pool_take(&q->pool);
	if (!stub) {
		free(q);
		return -ENOMEM;
	}
	ck_fifo_mpmc_init(&q->fifo, &stub->entry);
	*usable = 0;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	nodes_free(&q->pool.nodes);
	free(q);
}

/* ck_fifo_mpmc_tryenqueue() is not used, because it also fails if it loses a
 * race. */
QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	struct node *node = pool_take(&q->pool);

	if (RINGBENCH_UNLIKELY(!node))
		return false;
	ck_fifo_mpmc_enqueue(&q->fifo, &node->entry, (void *)(uintptr_t)word);
	return true;
}

/* The library needs a pointer of its own type and sets it even if it fails. */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	ck_fifo_mpmc_entry_t *garbage;
	void *value;

	if (!ck_fifo_mpmc_dequeue(&q->fifo, &value, &garbage))
		return false;
	*word = (uintptr_t)value;
	pool_give(&q->pool, (struct node *)garbage);
	return true;
}

/*
 * Has the weakness of case 1: the head may be popped before its link is read.
 */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	ck_fifo_mpmc_entry_t *head = ck_pr_load_ptr(
		&port->queue->fifo.head.pointer);

	return !ck_pr_load_ptr(&head->next.pointer);
}

#include "workers.h"

EXPORT_BACKEND(ck_fifo_mpmc, "Concurrency Kit list",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED,
	       PROGRESS_BLOCKING, PROGRESS_LOCK_FREE)
