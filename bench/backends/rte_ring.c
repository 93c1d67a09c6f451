/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DPDK's ring for many producers and consumers (MP/MC). An operation moves the
 * head of its side by compare-and-swap, copies the words, and then waits until
 * all operations that moved the head earlier have moved the tail. A thread that
 * is suspended in between stops its whole side: both sides are blocking.
 * "Empty" and "full" are exact, because the operations of a side end in the
 * order of their claims.
 *
 * NEEDS: dpdk/rte_ring.h libdpdk-dev
 * CPPFLAGS: -isystem /usr/include/dpdk
 * CPPFLAGS: -isystem /usr/include/x86_64-linux-gnu/dpdk
 * CPPFLAGS: -isystem /usr/include/aarch64-linux-gnu/dpdk
 */
#include "rte_ring_common.h"

static void set_mode(struct rte_ring *ring)
{
	ring->prod.sync_type = RTE_RING_SYNC_MT;
	ring->cons.sync_type = RTE_RING_SYNC_MT;
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

#include "workers.h"

EXPORT_BACKEND(rte_ring, "DPDK's rte_ring, MP/MC",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
