/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's stack (ck_stack, MPMC: Treiber's, with a count of pops
 * beside the head against ABA). It links nodes that it does not own, so there
 * are as many as the queue holds messages, and those not in use lie on a second
 * stack: a push is a pop there and a push here, a pop the reverse, which makes
 * two compare-and-swaps each, and a capacity.
 *
 * Why nodes are safe to read: they are freed with the queue only. A pop reads
 * the next node of a head that may be gone by then, but the count has changed
 * with it, and the compare-and-swap of both fails. A push needs no count: that
 * the head is the same is all that it wants.
 *
 * Progress: lock-free, but not without a catch. A thread that is suspended
 * between its two stacks has a node with it, room for one message, so a push
 * may say "full" while a pop says "empty" (BACKEND_WEAK_EMPTY: a try may fail);
 * as many suspended threads as there are nodes would stop everybody.
 */
#include <ck_stack.h>
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

struct node {
	ck_stack_entry_t entry;
	uint64_t word;
};

/* The library swaps 16 bytes at once, but does not align them itself. */
struct queue {
	ck_stack_t messages RINGBENCH_ALIGNED;
	ck_stack_t unused RINGBENCH_ALIGNED;
	struct node *nodes RINGBENCH_ALIGNED;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q;

	if (capacity == 0 || capacity > SIZE_MAX / sizeof(*q->nodes))
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->nodes = ringbench_alloc_lines(capacity * sizeof(*q->nodes));
	if (!q->nodes) {
		free(q);
		return -ENOMEM;
	}
	ck_stack_init(&q->messages);
	ck_stack_init(&q->unused);
	for (size_t i = capacity; i-- > 0;)
		ck_stack_push_spnc(&q->unused, &q->nodes[i].entry);
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	free(q->nodes);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	ck_stack_entry_t *entry = ck_stack_pop_mpmc(&q->unused);

	if (!entry)
		return false;
	((struct node *)entry)->word = word;
	/* Its fence of stores puts the word before the node. */
	ck_stack_push_mpmc(&q->messages, entry);
	return true;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	ck_stack_entry_t *entry = ck_stack_pop_mpmc(&q->messages);

	if (!entry)
		return false;
	*word = ((struct node *)entry)->word;
	ck_pr_fence_release(); /* read, before a push may write it again */
	ck_stack_push_mpmc(&q->unused, entry);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return !ck_pr_load_ptr(&port->queue->messages.head);
}

#include "workers.h"

EXPORT_BACKEND(ck_stack, "Concurrency Kit stack",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER | BACKEND_LIFO |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_LOCK_FREE, PROGRESS_LOCK_FREE)
