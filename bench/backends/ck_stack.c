/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Concurrency Kit's stack (ck_stack, MPMC: Treiber's stack with a count of pops
 * beside the head against ABA). It links nodes that the caller provides. This
 * backend has as many nodes as the capacity; unused nodes lie on a second
 * stack. A push pops a node from the second stack and pushes it to the first; a
 * pop does the reverse. So each operation costs two compare-and-swaps, and the
 * queue is bounded.
 *
 * Reading a node is safe because nodes are freed only with the queue. A pop may
 * read the link of a head that was popped meanwhile, but then the count has
 * changed and the compare-and-swap of head and count fails. A push needs no
 * count: it only requires that the head is unchanged.
 *
 * Progress: each stack is lock-free, but the number of nodes is limited. A
 * thread that is suspended between the two stacks holds a node, so a push may
 * find "full" while a pop finds "empty" (BACKEND_WEAK_EMPTY). Suspended
 * threads, as many as there are nodes, stop all other threads: blocking in the
 * strict sense.
 */
#include <ck_stack.h>
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

struct node {
	ck_stack_entry_t entry;
	uint64_t word;
};

/* The library swaps 16 bytes at once and does not align them. */
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
	/* The library's store fence orders the word before the node. */
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
	/* read the word before a push may overwrite it */
	ck_pr_fence_release();
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
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
