/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One word in one cache line, and no queue: the cost of a cache-line transfer,
 * which is the bound of pingpong. There is only one message, so no push checks
 * for a free slot. The reader never writes to the line, and the writer never
 * reads it: a load before the store would cost a second transfer.
 */
#define QUEUE_HAS_PORT
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

struct queue {
	/* the message; its lowest bit alternates */
	uint64_t word RINGBENCH_ALIGNED;
	/* last word popped, kept between two ports of the reader */
	uint64_t seen RINGBENCH_ALIGNED;
};

struct port {
	struct queue *queue;
	uint64_t seen; /* last word popped, with its bit */
	uint64_t flip; /* bit of the last word pushed */
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	(void)capacity;
	*usable = 1;
	*queue = ringbench_alloc_lines(sizeof(**queue));
	return *queue ? 0 : -ENOMEM;
}

static void queue_destroy(struct queue *queue)
{
	free(queue);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	port->seen = queue->seen;
	port->flip = queue->word & 1;
}

QUEUE_OPERATION void port_close(struct port *port)
{
	port->queue->seen = port->seen;
}

/*
 * The same pointer is pushed again and again. The alternating bit marks it as a
 * new message.
 */
QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	port->flip ^= 1;
	/* Pairs with the acquire of queue_try_pop. */
	ringbench_store_release(&port->queue->word, word | port->flip);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return ringbench_load_relaxed(&port->queue->word) == port->seen;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	uint64_t new_word = ringbench_load_acquire(&port->queue->word);

	if (new_word == port->seen)
		return false;
	port->seen = new_word;
	*word = new_word & ~UINT64_C(1);
	return true;
}

#include "workers.h"

EXPORT_BACKEND(line, "one cache line: bound of pingpong",
	       BACKEND_NOT_A_QUEUE | BACKEND_ONE_POINTER, PROGRESS_WAIT_FREE,
	       PROGRESS_WAIT_FREE)
