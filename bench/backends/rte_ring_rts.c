/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DPDK's ring with relaxed tails (RTS), for threads that do not own their
 * processors. Head and tail count the operations beside the position; who ends
 * an operation raises the tail's count, and only who makes both counts equal
 * moves the tail's position. So nobody waits in line for those before him, but
 * a message whose push has returned stays hidden until all that began before
 * its end have ended, and so does room (BACKEND_WEAK_EMPTY). A suspended thread
 * hides everything behind it, and stops its side when the head is an eighth of
 * the ring ahead: blocking.
 *
 * The one who moves the tail is in the middle of its push or pop and notifies
 * later, so under `block` nobody sleeps for ever.
 *
 * NEEDS: dpdk/rte_ring.h libdpdk-dev
 * CPPFLAGS: -isystem /usr/include/dpdk
 * CPPFLAGS: -isystem /usr/include/x86_64-linux-gnu/dpdk
 * CPPFLAGS: -isystem /usr/include/aarch64-linux-gnu/dpdk
 */
#include "rte_ring_common.h"

static void set_mode(struct rte_ring *ring)
{
	uint32_t ahead_max = ring->capacity / 8; /* as rte_ring_init() does */

	ring->rts_prod.sync_type = RTE_RING_SYNC_MT_RTS;
	ring->rts_cons.sync_type = RTE_RING_SYNC_MT_RTS;
	ring->rts_prod.htd_max = ahead_max;
	ring->rts_cons.htd_max = ahead_max;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	void *pointer = (void *)(uintptr_t)word;

	return rte_ring_mp_rts_enqueue_bulk(&port->queue->ring, &pointer, 1,
					    NULL) == 1;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return rte_ring_mc_rts_dequeue_bulk(&port->queue->ring, (void **)word,
					    1, NULL) == 1;
}

#include "workers.h"

EXPORT_BACKEND(rte_ring_rts, "DPDK's rte_ring, relaxed tails",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
