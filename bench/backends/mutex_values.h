/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages by value in a ring under a robust mutex, for threads and processes.
 *
 * If a process is killed while it holds the mutex, the next lock returns
 * EOWNERDEAD. Nothing needs repair, because one store decides each operation:
 * a message is in the ring when `tail` counts it, and out when `head` does. So
 * the survivor declares the mutex consistent and continues.
 */
#ifndef MUTEX_VALUES_H
#define MUTEX_VALUES_H

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "contract.h"
#include "ringbench_memory.h"

enum {
	MUTEX_VALUE_MAX = 256 /* bytes */
};

/* The messages follow. */
struct value_queue {
	pthread_mutex_t lock RINGBENCH_ALIGNED;
	uint64_t capacity;
	uint64_t head; /* messages that were popped */
	uint64_t tail; /* messages that were pushed */
} RINGBENCH_ALIGNED;

struct value_port {
	struct value_queue *queue;
	uint64_t message[MUTEX_VALUE_MAX / sizeof(uint64_t)];
};

static size_t value_bytes(size_t capacity, size_t bytes)
{
	if (capacity == 0 || capacity > SIZE_MAX / 4 / bytes)
		return 0;
	return sizeof(struct value_queue) + capacity * bytes;
}

static int value_init(struct value_queue *q, size_t capacity, size_t bytes)
{
	pthread_mutexattr_t robust;
	int error;

	(void)bytes;
	q->capacity = capacity;
	pthread_mutexattr_init(&robust);
	pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
	error = pthread_mutex_init(&q->lock, &robust);
	pthread_mutexattr_destroy(&robust);
	return -error;
}

static int value_create(size_t capacity, size_t bytes,
			struct value_queue **queue, size_t *usable)
{
	size_t size = value_bytes(capacity, bytes);
	struct value_queue *q = size ? ringbench_alloc_lines(size) : NULL;
	int error = q ? value_init(q, capacity, bytes)
		      : (size ? -ENOMEM : -EINVAL);

	if (error) {
		free(q);
		return error;
	}
	*usable = capacity;
	*queue = q;
	return 0;
}

static void value_destroy(struct value_queue *q)
{
	pthread_mutex_destroy(&q->lock);
	free(q);
}

static RINGBENCH_INLINE void value_lock(struct value_queue *q)
{
	if (RINGBENCH_UNLIKELY(pthread_mutex_lock(&q->lock) == EOWNERDEAD))
		pthread_mutex_consistent(&q->lock);
	RINGBENCH_TEST_DELAY();
}

static RINGBENCH_INLINE void *value_slot(struct value_queue *q, uint64_t count,
					 size_t bytes)
{
	return (char *)(q + 1) + count % q->capacity * bytes;
}

QUEUE_OPERATION void value_port_open(struct value_port *port,
				     struct value_queue *q, size_t bytes)
{
	(void)bytes;
	port->queue = q;
}

QUEUE_OPERATION void *value_place(struct value_port *port, size_t bytes)
{
	(void)bytes;
	return port->message;
}

QUEUE_OPERATION bool value_push(struct value_port *port, size_t bytes)
{
	struct value_queue *q = port->queue;
	bool room;

	value_lock(q);
	room = q->tail - q->head < q->capacity;
	if (room) {
		memcpy(value_slot(q, q->tail, bytes), port->message, bytes);
		RINGBENCH_TEST_DELAY();
		ringbench_store_release(&q->tail, q->tail + 1);
		RINGBENCH_TEST_DELAY();
	}
	pthread_mutex_unlock(&q->lock);
	return room;
}

QUEUE_OPERATION const void *value_front(struct value_port *port, size_t bytes)
{
	struct value_queue *q = port->queue;
	bool found;

	value_lock(q);
	found = q->tail != q->head;
	if (found) {
		memcpy(port->message, value_slot(q, q->head, bytes), bytes);
		RINGBENCH_TEST_DELAY();
		ringbench_store_release(&q->head, q->head + 1);
		RINGBENCH_TEST_DELAY();
	}
	pthread_mutex_unlock(&q->lock);
	return found ? port->message : NULL;
}

QUEUE_OPERATION void value_pop(struct value_port *port, size_t bytes)
{
	(void)port;
	(void)bytes;
}

#endif
