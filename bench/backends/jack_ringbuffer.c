/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JACK's ring of bytes for one producer and one consumer (jack_ringbuffer):
 * Lamport's ring, like ck_spsc. It differs in two points: both indices are on
 * one cache line, and a message is copied by a function that would also copy a
 * part of it. Each side reads the other side's index and never waits:
 * wait-free.
 *
 * A push checks for space first; otherwise it could write a part of a message.
 * One byte of the ring always stays free, so the space of one message cannot be
 * used.
 *
 * The library is loaded when a queue is created, because it would load four
 * other libraries at each start of the program.
 *
 * NEEDS: jack/ringbuffer.h libjack-jackd2-dev
 */
#define QUEUE_HAS_BULK
#include <dlfcn.h>
#include <errno.h>
#include <jack/ringbuffer.h>

#include "contract.h"
#include "ringbench_memory.h"

struct queue {
	jack_ringbuffer_t *ring;
	__typeof__(jack_ringbuffer_write) *write;
	__typeof__(jack_ringbuffer_write_space) *write_space;
	__typeof__(jack_ringbuffer_read) *read;
	__typeof__(jack_ringbuffer_read_space) *read_space;
	__typeof__(jack_ringbuffer_free) *release;
};

/* Looks up all functions in the library. False: a function is missing. */
static bool find_functions(struct queue *q,
			   __typeof__(jack_ringbuffer_create) **create)
{
	void *library = dlopen("libjack.so.0", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
	*(void **)create = dlsym(library, "jack_ringbuffer_create");
	*(void **)&q->release = dlsym(library, "jack_ringbuffer_free");
	*(void **)&q->write = dlsym(library, "jack_ringbuffer_write");
	*(void **)&q->write_space = dlsym(library,
					  "jack_ringbuffer_write_space");
	*(void **)&q->read = dlsym(library, "jack_ringbuffer_read");
	*(void **)&q->read_space = dlsym(library, "jack_ringbuffer_read_space");
	return *create && q->release && q->write && q->write_space && q->read &&
	       q->read_space;
}

/* The library rounds up to a power of two. */
static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	__typeof__(jack_ringbuffer_create) *create;
	struct queue *q;

	if (capacity == 0 || capacity >= 1 << 24)
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	if (!find_functions(q, &create)) {
		free(q);
		return -ELIBACC;
	}
	q->ring = create((capacity + 1) * sizeof(uint64_t));
	if (!q->ring) {
		free(q);
		return -ENOMEM;
	}
	memset(q->ring->buf, 0, q->ring->size);
	*usable = q->ring->size / sizeof(uint64_t) - 1;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	q->release(q->ring);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;

	return q->write_space(q->ring) >= sizeof(word) &&
	       q->write(q->ring, (char *)&word, sizeof(word)) == sizeof(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;

	return q->read(q->ring, (char *)word, sizeof(*word)) == sizeof(*word);
}

/* The ring carries bytes, so a batch is one write and one read. */
QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	struct queue *q = port->queue;
	size_t room = q->write_space(q->ring) / sizeof(*words);

	if (count > room)
		count = room;
	return q->write(q->ring, (const char *)words, count * sizeof(*words)) /
	       sizeof(*words);
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	struct queue *q = port->queue;

	return q->read(q->ring, (char *)words, count * sizeof(*words)) /
	       sizeof(*words);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->read_space(port->queue->ring) == 0;
}

#include "workers.h"

EXPORT_BACKEND(jack_ringbuffer, "JACK's ring of bytes", BACKEND_CALLS,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)
