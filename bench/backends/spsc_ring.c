/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * This project's ring for one producer and one consumer. src/spsc_ring.h
 * describes the algorithm and why it is correct. Messages by value go through
 * src/spsc_value_ring.h, in place.
 */
#define QUEUE_HAS_BULK
#define QUEUE_HAS_PORT
#define QUEUE_HAS_SHARED
#define QUEUE_HAS_VALUE
#include "contract.h"
#include "spsc_ring.h"
#include "spsc_value_ring.h"

struct queue {
	struct spsc_ring ring;
};

/*
 * A port contains both ends of the ring, because the contract has one kind of
 * port. A loop uses only the producer's or only the consumer's end.
 */
struct port {
	struct spsc_producer producer;
	struct spsc_consumer consumer;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? spsc_ring_init(&q->ring, capacity) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	spsc_ring_free(&q->ring);
	free(q);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *q)
{
	spsc_producer_open(&port->producer, &q->ring);
	spsc_consumer_open(&port->consumer, &q->ring);
}

QUEUE_OPERATION void port_close(struct port *port)
{
	(void)port;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return spsc_push(&port->producer, word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return spsc_pop(&port->consumer, word);
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	return spsc_push_bulk(&port->producer, words, count);
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	return spsc_pop_bulk(&port->consumer, words, count);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return spsc_is_empty(&port->consumer);
}

struct value_queue {
	struct spsc_value_ring *ring;
};

struct value_port {
	struct spsc_value_producer producer;
	struct spsc_value_consumer consumer;
};

static int value_create(size_t capacity, size_t bytes,
			struct value_queue **queue, size_t *usable)
{
	struct value_queue *q = ringbench_alloc_lines(sizeof(*q));

	if (!q)
		return -ENOMEM;
	q->ring = spsc_value_ring_new(capacity, bytes);
	if (!q->ring) {
		free(q);
		return capacity ? -ENOMEM : -EINVAL;
	}
	*usable = capacity;
	*queue = q;
	return 0;
}

/* Between processes: the ring follows the struct. */
static size_t value_bytes(size_t capacity, size_t bytes)
{
	if (capacity == 0 || capacity > SIZE_MAX / 4 / bytes)
		return 0;
	return RINGBENCH_LINE + SPSC_VALUE_RING_BYTES(capacity, bytes);
}

static int value_init(struct value_queue *q, size_t capacity, size_t bytes)
{
	char *memory = (char *)q + RINGBENCH_LINE;

	q->ring = (struct spsc_value_ring *)(void *)memory;
	return spsc_value_ring_init(q->ring,
				    SPSC_VALUE_RING_BYTES(capacity, bytes),
				    capacity, bytes);
}

static void value_destroy(struct value_queue *q)
{
	spsc_value_ring_free(q->ring);
	free(q);
}

QUEUE_OPERATION void value_port_open(struct value_port *port,
				     struct value_queue *q, size_t bytes)
{
	(void)bytes;
	spsc_value_producer_open(&port->producer, q->ring);
	spsc_value_consumer_open(&port->consumer, q->ring);
}

QUEUE_OPERATION void *value_place(struct value_port *port, size_t bytes)
{
	void *place = NULL;

	return spsc_value_reserve(&port->producer, 1, &place, bytes) ? place
								     : NULL;
}

QUEUE_OPERATION bool value_push(struct value_port *port, size_t bytes)
{
	spsc_value_commit(&port->producer, 1, bytes);
	return true;
}

QUEUE_OPERATION const void *value_front(struct value_port *port, size_t bytes)
{
	const void *message = NULL;

	return spsc_value_peek(&port->consumer, &message, bytes) ? message
								 : NULL;
}

QUEUE_OPERATION void value_pop(struct value_port *port, size_t bytes)
{
	spsc_value_release(&port->consumer, 1, bytes);
}

#include "workers.h"

EXPORT_BACKEND(spsc_ring, "own: slots cleared a line ahead", 0,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)
