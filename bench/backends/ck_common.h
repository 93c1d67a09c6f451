/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Creates a Concurrency Kit ring, for the backends that use it in different
 * ways. With QUEUE_HAS_WAIT it has two event counts.
 */
#ifndef CK_COMMON_H
#define CK_COMMON_H

#include <ck_ring.h>
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

_Static_assert(sizeof(void *) == sizeof(uint64_t),
	       "a ck_ring carries pointers, a message is 64 bits");

/*
 * ck_ring separates its own cache lines. The address of the slots lies with the
 * read-only fields at its end, and ringbench_alloc_lines() pads the end.
 */
struct queue {
	ck_ring_t ring;
	ck_ring_buffer_t *slots;
#ifdef QUEUE_HAS_WAIT
	struct ck_ec32 not_empty RINGBENCH_ALIGNED;
	struct ck_ec32 not_full RINGBENCH_ALIGNED;
	uint32_t closed RINGBENCH_ALIGNED;
#endif
};

/*
 * ck_ring_init() requires a power of two of at least 4 and does not check it.
 * One slot always stays free.
 */
static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	size_t size = 4;
	struct queue *q;

	if (capacity >= UINT32_C(1) << 31)
		return -EINVAL; /* the indices are unsigned ints */
	while (size - 1 < capacity)
		size *= 2;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->slots = ringbench_alloc_lines(size * sizeof(*q->slots));
	if (!q->slots) {
		free(q);
		return -ENOMEM;
	}
	ck_ring_init(&q->ring, (unsigned int)size);
	*usable = size - 1;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	free(q->slots);
	free(q);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return ck_ring_size(&port->queue->ring) == 0;
}

#endif
