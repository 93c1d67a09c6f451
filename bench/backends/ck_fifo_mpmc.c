/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's linked queue for many producers and consumers
 * (ck_fifo_mpmc: Michael and Scott's), without bound. Its nodes are freed with
 * the queue only and reused at once (a ck_stack), so that a late thread reads
 * an old node and no foreign memory; a count beside head and tail makes its
 * compare-and-swap fail. Twice that is not enough in 0.7.1, as is shown step by
 * step in tests/unit/ck_fifo_test.c; the contract tests count what of the first
 * comes about by chance, which is a few in millions of pops, or none:
 *
 * 1. A pop may say "empty" of a queue that never is (BACKEND_WEAK_EMPTY). It
 *    loads the head H, then the tail, then H's link, and does not look whether
 *    H still is the head. When others meanwhile take H off and append it again
 *    with another message, H is the tail and has no successor: looks empty.
 *    Michael and Scott look again at the head before they believe it.
 * 2. An enqueue sets the count in its node's link back to 0. A push that has
 *    found the tail T without a successor and is late may therefore append to a
 *    T that was taken off and is about to be appended by another push. Its
 *    message is invisible until that push goes on, and later messages of the
 *    same producer overtake it: stream with several producers then says
 *    "reordered". Nothing is lost.
 *
 * Can a thread under `block` sleep for ever beside a message? No. It announces
 * its sleep and tries again (waiting.h). A false "empty" of that try means that
 * between its loads, so after the announcement, another thread has appended a
 * node; that one calls notify after its push, sees the announcement, and wakes
 * all. The same holds for the push in 2 whose end makes a message visible. A
 * thread that is suspended before its notify only delays that.
 *
 * Pop is lock-free; push is, too, until it has to wait for the allocator.
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

/* Not tryenqueue: that one also fails when it loses a race. */
QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	struct node *node = pool_take(&q->pool);

	if (RINGBENCH_UNLIKELY(!node))
		return false;
	ck_fifo_mpmc_enqueue(&q->fifo, &node->entry, (void *)(uintptr_t)word);
	return true;
}

/* Through a pointer of its own type, which it sets even where it fails. */
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

/* Has the same weakness: the head may be gone when its link is read. */
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
