/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Streamed cache lines, and no queue. Words lie in a large ring, 8 words to a
 * cache line, and each side publishes its position only once for each block of
 * lines. So only full lines are transferred: to the consumer with words, and
 * back to the producer. This is the rate of the connection between the CPUs,
 * the bound of stream with one producer and one consumer. A queue must also
 * deliver a single message; here a single message waits until its block is
 * full.
 *
 * The lines are used in the order of their addresses, so the hardware
 * prefetchers work for reading and writing. The sizes of ring and block, and
 * the absence of prefetch instructions, were chosen by experiment. If a queue
 * is faster than this backend on some machine, other sizes are faster on that
 * machine.
 */
#define QUEUE_HAS_PORT
#define QUEUE_HAS_VALUE
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

enum {
	LINE_WORDS = 8, /* words of a 64-byte cache line */
	BLOCK_WORDS = 256 * LINE_WORDS,
	RING_WORDS = 65536 * LINE_WORDS, /* 4 MiB */
};

struct queue {
	uint64_t *words;
	uint64_t tail RINGBENCH_ALIGNED; /* words published since the start */
	/* words popped and published as free since the start */
	uint64_t head RINGBENCH_ALIGNED;
};

/*
 * Positions, counted in words since the start: the first word of this port, the
 * next word, and the end of the words that may be used.
 */
struct position {
	uint64_t first;
	uint64_t at;
	uint64_t end;
};

struct port {
	struct queue *queue;
	uint64_t *words;
	struct position push;
	struct position pop;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));

	(void)capacity; /* not a queue, so no capacity */
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

/* Publishes the position inside an unfinished block. */
QUEUE_OPERATION void port_close(struct port *port)
{
	if (port->push.at != port->push.first)
		ringbench_store_release(&port->queue->tail, port->push.at);
	if (port->pop.at != port->pop.first)
		ringbench_store_release(&port->queue->head, port->pop.at);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct position *push = &port->push;

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
	struct position *pop = &port->pop;

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

/*
 * The ring for messages by value. A block and the ring contain as many messages
 * of `bytes` bytes as fit. All sizes are powers of two.
 */
struct value_queue {
	struct queue *lines;
};

struct value_port {
	struct port port;
};

static int value_create(size_t capacity, size_t bytes,
			struct value_queue **queue, size_t *usable)
{
	struct value_queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? queue_create(capacity, &q->lines, usable) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	*usable = RING_WORDS * sizeof(uint64_t) / bytes;
	*queue = q;
	return 0;
}

static void value_destroy(struct value_queue *q)
{
	queue_destroy(q->lines);
	free(q);
}

QUEUE_OPERATION void value_port_open(struct value_port *port,
				     struct value_queue *q, size_t bytes)
{
	(void)bytes;
	port_open(&port->port, q->lines);
}

QUEUE_OPERATION void *value_place(struct value_port *port, size_t bytes)
{
	struct position *push = &port->port.push;

	(void)bytes;
	/* Pairs with the release of value_pop: the messages were read. */
	if (RINGBENCH_UNLIKELY(push->at == push->end)) {
		push->end = ringbench_load_acquire(&port->port.queue->head) +
			    RING_WORDS;
		if (push->at == push->end)
			return NULL;
	}
	return &port->port.words[push->at % RING_WORDS];
}

QUEUE_OPERATION bool value_push(struct value_port *port, size_t bytes)
{
	struct position *push = &port->port.push;

	push->at += bytes / sizeof(uint64_t);
	if (RINGBENCH_UNLIKELY(push->at % BLOCK_WORDS == 0))
		ringbench_store_release(&port->port.queue->tail, push->at);
	return true;
}

QUEUE_OPERATION const void *value_front(struct value_port *port, size_t bytes)
{
	struct position *pop = &port->port.pop;

	(void)bytes;
	/* Pairs with the release of value_push: the messages are there. */
	if (RINGBENCH_UNLIKELY(pop->at == pop->end)) {
		pop->end = ringbench_load_acquire(&port->port.queue->tail);
		if (pop->at == pop->end)
			return NULL;
	}
	return &port->port.words[pop->at % RING_WORDS];
}

QUEUE_OPERATION void value_pop(struct value_port *port, size_t bytes)
{
	struct position *pop = &port->port.pop;

	pop->at += bytes / sizeof(uint64_t);
	if (RINGBENCH_UNLIKELY(pop->at % BLOCK_WORDS == 0))
		ringbench_store_release(&port->port.queue->head, pop->at);
}

#include "workers.h"

EXPORT_BACKEND(lines, "streamed cache lines: bound of stream",
	       BACKEND_NOT_A_QUEUE | BACKEND_IN_BLOCKS, PROGRESS_WAIT_FREE,
	       PROGRESS_WAIT_FREE)
