/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DPDK's ring for one producer and one consumer (SP/SC): Lamport's ring, like
 * ck_spsc. Each side reads the other side's index in every operation and never
 * waits: wait-free.
 *
 * NEEDS: dpdk/rte_ring.h libdpdk-dev
 * CPPFLAGS: -isystem /usr/include/dpdk
 * CPPFLAGS: -isystem /usr/include/x86_64-linux-gnu/dpdk
 * CPPFLAGS: -isystem /usr/include/aarch64-linux-gnu/dpdk
 */
#include "rte_ring_common.h"

static void set_mode(struct rte_ring *ring)
{
	ring->prod.sync_type = RTE_RING_SYNC_ST;
	ring->cons.sync_type = RTE_RING_SYNC_ST;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return rte_ring_sp_enqueue(&port->queue->ring,
				   (void *)(uintptr_t)word) == 0;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return rte_ring_sc_dequeue(&port->queue->ring, (void **)word) == 0;
}

#include "workers.h"

EXPORT_BACKEND(rte_ring_spsc, "DPDK's rte_ring, SP/SC", 0, PROGRESS_WAIT_FREE,
	       PROGRESS_WAIT_FREE)
