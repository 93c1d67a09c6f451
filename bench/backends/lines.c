/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Streamed cache lines, and no queue: words lie 8 to a line in a large ring,
 * and each side tells the other one how far it is only once in a block of
 * lines. So nothing but full lines passes, there with the words and back to be
 * written again: the rate that the processors' connection can carry, the roof
 * over stream with one producer and one consumer. A queue must hand over a lone
 * message as well; here it would wait for its block to fill.
 *
 * Lines are used in the order of their addresses, so that the processors fetch
 * them ahead by themselves, for reading and for writing. The size of ring and
 * block, and that there are no prefetch instructions, were chosen by trying; a
 * queue that beats this on some machine has found a better choice.
 */
#define QUEUE_HAS_PORT
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

enum {
	LINE_WORDS = 8, /* of a cache line of 64 bytes */
	BLOCK_WORDS = 256 * LINE_WORDS,
	RING_WORDS = 65536 * LINE_WORDS, /* 4 MiB */
};

struct queue {
	uint64_t *words;
	uint64_t tail RINGBENCH_ALIGNED; /* words handed over since the start */
	uint64_t head RINGBENCH_ALIGNED; /* words whose lines were given back */
};

/* Words counted since the start: the first of this port, next, out of reach. */
struct place {
	uint64_t first;
	uint64_t at;
	uint64_t end;
};

struct port {
	struct queue *queue;
	uint64_t *words;
	struct place push;
	struct place pop;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));

	(void)capacity; /* what is not a queue has none */
	if (!q)
		return -ENOMEM;
	q->words = ringbench_alloc_lines(RING_WORDS * sizeof(*q->words));
	if (!q->words) {
		free(q);
		return -ENOMEM;
	}
	*usable = RING_WORDS;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *queue)
{
	free(queue->words);
	free(queue);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	port->words = queue->words;
	port->push.first = port->push.at = ringbench_load_acquire(&queue->tail);
	port->push.end = ringbench_load_acquire(&queue->head) + RING_WORDS;
	port->pop.first = port->pop.at = ringbench_load_acquire(&queue->head);
	port->pop.end = port->pop.first;
}

/* What was begun of a block is handed over, or given back, as well. */
QUEUE_OPERATION void port_close(struct port *port)
{
	if (port->push.at != port->push.first)
		ringbench_store_release(&port->queue->tail, port->push.at);
	if (port->pop.at != port->pop.first)
		ringbench_store_release(&port->queue->head, port->pop.at);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct place *push = &port->push;

	/* Pairs with the release of queue_try_pop: the words were read. */
	if (RINGBENCH_UNLIKELY(push->at == push->end)) {
		push->end = ringbench_load_acquire(&port->queue->head) +
			    RING_WORDS;
		if (push->at == push->end)
			return false;
	}
	port->words[push->at++ % RING_WORDS] = word;
	if (RINGBENCH_UNLIKELY(push->at % BLOCK_WORDS == 0))
		ringbench_store_release(&port->queue->tail, push->at);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->pop.at == port->pop.end &&
	       ringbench_load_relaxed(&port->queue->tail) == port->pop.at;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct place *pop = &port->pop;

	/* Pairs with the release of queue_try_push: the words are there. */
	if (RINGBENCH_UNLIKELY(pop->at == pop->end)) {
		pop->end = ringbench_load_acquire(&port->queue->tail);
		if (pop->at == pop->end)
			return false;
	}
	*word = port->words[pop->at++ % RING_WORDS];
	if (RINGBENCH_UNLIKELY(pop->at % BLOCK_WORDS == 0))
		ringbench_store_release(&port->queue->head, pop->at);
	return true;
}

#include "workers.h"

EXPORT_BACKEND(lines, "streamed cache lines, roof over stream",
	       BACKEND_NOT_A_QUEUE | BACKEND_IN_BLOCKS, PROGRESS_WAIT_FREE,
	       PROGRESS_WAIT_FREE)
