/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Maxim Egorushkin's ring (atomic_queue::AtomicQueueB, the one for words of
 * which one value never comes; here that is 0), through try_push and try_pop,
 * for the backends that differ in how many threads it is for; each defines
 * ONE_PRODUCER_ONE_CONSUMER, true or false, first.
 *
 * A try compares head with tail, claims an index, and then *waits* until the
 * slot is free or filled: a thread that is suspended between claim and slot
 * stops the one that claims the slot next, so both sides are blocking. "Empty"
 * and "full" are exact. Neighbouring indices are on different lines.
 *
 * The library's push and pop claim without comparing, and wait at the slot for
 * as long as it takes. Nothing can end such a wait, neither a deadline nor the
 * end of a run, so they cannot be had here.
 */
#ifndef ATOMIC_QUEUE_COMMON_H
#define ATOMIC_QUEUE_COMMON_H

#define NDEBUG
#include <atomic_queue/atomic_queue.h>

#include "contract.h"
#include "peer.h"

namespace
{

struct RINGBENCH_ALIGNED queue {
	atomic_queue::AtomicQueueB<uint64_t, std::allocator<uint64_t>, 0, true,
				   false, ONE_PRODUCER_ONE_CONSUMER>
		ring;

	explicit queue(size_t capacity) : ring((unsigned)capacity)
	{
	}
};

/* A power of two from 64 up. */
int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	int error = -EINVAL;

	if (capacity && capacity <= 1u << 30)
		error = peer_create(created, capacity, 1);
	if (!error)
		*usable = (*created)->ring.capacity();
	return error;
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->ring.try_push(word);
}

/*
 * Of Debian 12's version the pop reads the slot without acquire: what a word
 * points to would not be sure to arrive with it on ARM. The fence makes it so;
 * it costs no instruction on x86.
 */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	if (!port->queue->ring.try_pop(*word))
		return false;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->ring.was_empty();
}

} // namespace

#endif
