/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DPDK's ring (rte_ring, 22.11). The backends that include this file differ in
 * how threads synchronise: each defines set_mode() and the operations on single
 * messages.
 *
 * The ring lies in memory of this program. DPDK's environment is not started
 * and its library is not linked, because it would load 20 more libraries at
 * each start of the program. All operations are in the header, and the code
 * below does what rte_ring_init() does for a ring of an exact size.
 */
#ifndef RTE_RING_COMMON_H
#define RTE_RING_COMMON_H

#include <errno.h>
#include <rte_config.h>
#include <rte_ring.h>
#undef RINGBENCH_NS_PER_S /* has the same value here */

#define QUEUE_HAS_BULK
#include "contract.h"
#include "ringbench_memory.h"

_Static_assert(sizeof(void *) == sizeof(uint64_t),
	       "a slot carries a pointer, a message is 64 bits");

/* The slots follow. */
struct queue {
	struct rte_ring ring;
};

/* For a zeroed ring whose size is set. */
static void set_mode(struct rte_ring *ring);

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	uint32_t size = 2;
	struct queue *q;

	if (capacity == 0 || capacity > RTE_RING_SZ_MASK / 2)
		return -EINVAL;
	while (size <= capacity)
		size *= 2;
	q = ringbench_alloc_lines(sizeof(*q) + size * sizeof(void *));
	if (!q)
		return -ENOMEM;
	q->ring.flags = RING_F_EXACT_SZ;
	q->ring.size = size;
	q->ring.mask = size - 1;
	q->ring.capacity = (uint32_t)capacity;
	set_mode(&q->ring);
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	free(q);
}

/* These functions check the mode once for each batch. */
QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	return rte_ring_enqueue_burst(&port->queue->ring, (void *const *)words,
				      (unsigned int)count, NULL);
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	return rte_ring_dequeue_burst(&port->queue->ring, (void **)words,
				      (unsigned int)count, NULL);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return rte_ring_empty(&port->queue->ring);
}

#endif
