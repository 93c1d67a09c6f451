/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DPDK's ring with relaxed tail synchronisation (RTS), for threads that may be
 * preempted. Head and tail contain a position and a count of operations. A
 * thread that ends its operation increments the count of the tail, and only if
 * both counts are then equal it moves the position of the tail. So no thread
 * waits for earlier operations. But a message whose push has returned stays
 * hidden until all operations that began before the end of that push have
 * ended; the same holds for free slots (BACKEND_WEAK_EMPTY). A suspended thread
 * hides all later messages, and it stops its side when the head is an eighth of
 * the ring ahead of the tail: blocking.
 *
 * Under `block`, no thread sleeps for ever: the thread that moves the tail is
 * inside its push or pop and calls notify afterwards.
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
