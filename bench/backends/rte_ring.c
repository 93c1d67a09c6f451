/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DPDK's ring for many producers and consumers (rte_ring, MP/MC). A thread
 * moves its side's head by compare-and-swap, copies, and then waits until all
 * that moved the head earlier have moved the tail: one that is suspended in
 * between stops its whole side, so both are blocking. "Empty" and "full" are
 * exact, since a side's operations end in the order of their claims.
 *
 * The ring lives in our memory. DPDK's environment is not started, nor its
 * library linked, which would load 20 more at each start of the program: the
 * operations are all in the header, and what rte_ring_init() does for a ring of
 * an exact size is done below.
 *
 * NEEDS: dpdk/rte_ring.h libdpdk-dev
 * CPPFLAGS: -isystem /usr/include/dpdk
 * CPPFLAGS: -isystem /usr/include/x86_64-linux-gnu/dpdk
 * CPPFLAGS: -isystem /usr/include/aarch64-linux-gnu/dpdk
 */
#define QUEUE_HAS_BULK
#include <errno.h>
#include <rte_config.h>
#include <rte_ring.h>
#undef NS_PER_S /* ours is the same */

#include "contract.h"
#include "memory.h"

_Static_assert(sizeof(void *) == sizeof(uint64_t),
	       "a slot carries a pointer, a message is 64 bits");

/* The slots follow. */
struct queue {
	struct rte_ring ring;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	uint32_t size = 2;
	struct queue *q;

	if (capacity == 0 || capacity > RTE_RING_SZ_MASK / 2)
		return -EINVAL;
	while (size <= capacity)
		size *= 2;
	q = memory_lines(sizeof(*q) + size * sizeof(void *));
	if (!q)
		return -ENOMEM;
	q->ring.flags = RING_F_EXACT_SZ;
	q->ring.prod.sync_type = RTE_RING_SYNC_MT;
	q->ring.cons.sync_type = RTE_RING_SYNC_MT;
	q->ring.size = size;
	q->ring.mask = size - 1;
	q->ring.capacity = (uint32_t)capacity;
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return rte_ring_mp_enqueue(&port->queue->ring,
				   (void *)(uintptr_t)word) == 0;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return rte_ring_mc_dequeue(&port->queue->ring, (void **)word) == 0;
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	return rte_ring_mp_enqueue_burst(&port->queue->ring,
					 (void *const *)words,
					 (unsigned int)count, NULL);
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	return rte_ring_mc_dequeue_burst(&port->queue->ring, (void **)words,
					 (unsigned int)count, NULL);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return rte_ring_empty(&port->queue->ring);
}

#include "workers.h"

EXPORT_BACKEND(rte_ring, "DPDK's rte_ring, MP/MC",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
