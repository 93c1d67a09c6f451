// SPDX-License-Identifier: BSD-2-Clause
/*
 * Maxim Egorushkin's ring for many producers and consumers
 * (atomic_queue::AtomicQueueB, the one for words of which one value never
 * comes; here that is 0), through try_push and try_pop. These compare head with
 * tail, claim an index by compare-and-swap, and then *wait* until the slot is
 * free or filled: a thread that is suspended between claim and slot stops the
 * one that claims the slot next, so both are blocking. "Empty" and "full" are
 * exact. Neighbouring indices are on different lines.
 *
 * Of Debian 12's version the pop reads the slot without acquire: what a word
 * points to would not be sure to arrive with it on ARM. The fence below makes
 * it so; it costs no instruction on x86.
 *
 * NEEDS: atomic_queue/atomic_queue.h libatomic-queue-dev
 */
#define NDEBUG
#include <atomic_queue/atomic_queue.h>

#include "contract.h"
#include "peer.h"

namespace
{

struct LINE_ALIGNED queue {
	atomic_queue::AtomicQueueB<uint64_t> ring;

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

#include "workers.h"

EXPORT_BACKEND(atomic_queue, "AtomicQueueB, try forms",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
