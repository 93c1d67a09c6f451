/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Maxim Egorushkin's ring (atomic_queue::AtomicQueueB, the variant for words
 * with one value that is never used; here 0), through try_push and try_pop. The
 * backends that include this file differ in the number of threads: each defines
 * ONE_PRODUCER_ONE_CONSUMER as true or false first.
 *
 * A try compares head and tail, claims an index, and then *waits* until the
 * slot is free or filled. A thread that is suspended between claim and slot
 * stops the thread that claims this slot next, so both sides are blocking.
 * "Empty" and "full" are exact. Neighbouring indices are on different cache
 * lines.
 *
 * The library's push and pop claim without comparing and wait at the slot
 * without a limit. Neither a deadline nor the end of the run can end this wait,
 * so this backend does not use them.
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

/* A power of two, at least 64. */
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
 * In Debian 12's version, pop reads the slot without acquire. On ARM, the
 * memory that a word points to might not be visible yet. This fence orders the
 * reads; on x86 it costs no instruction.
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
