/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DPDK's ring with head/tail synchronisation (HTS), for threads that may be
 * preempted. Head and tail of a side are one word. A thread waits until head
 * and tail are equal and then moves the head by compare-and-swap of the word.
 * So only one thread works on each side, as if the side had a spinlock. A
 * thread that is suspended there stops its side: blocking. "Empty" and "full"
 * are exact.
 *
 * NEEDS: dpdk/rte_ring.h libdpdk-dev
 * CPPFLAGS: -isystem /usr/include/dpdk
 * CPPFLAGS: -isystem /usr/include/x86_64-linux-gnu/dpdk
 * CPPFLAGS: -isystem /usr/include/aarch64-linux-gnu/dpdk
 */
#include "rte_ring_common.h"

static void set_mode(struct rte_ring *ring)
{
	ring->hts_prod.sync_type = RTE_RING_SYNC_MT_HTS;
	ring->hts_cons.sync_type = RTE_RING_SYNC_MT_HTS;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	void *pointer = (void *)(uintptr_t)word;

	return rte_ring_mp_hts_enqueue_bulk(&port->queue->ring, &pointer, 1,
					    NULL) == 1;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return rte_ring_mc_hts_dequeue_bulk(&port->queue->ring, (void **)word,
					    1, NULL) == 1;
}

#include "workers.h"

EXPORT_BACKEND(rte_ring_hts, "DPDK's rte_ring, one at a time",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
