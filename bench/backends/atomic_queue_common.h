/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Maxim Egorushkin's ring of words with one value that is never used (here 0),
 * for the backends that include this file. Each backend defines first:
 * - THREADS_ARE_ONE_AND_ONE: true or false. With one producer and one consumer
 *   a claim is a plain store.
 * - FIXED_CAPACITY: the capacity as a template argument
 *   (atomic_queue::AtomicQueue). Without it, the capacity is given at run time
 *   (atomic_queue::AtomicQueueB), and each operation loads size and address.
 * - QUEUE_HAS_CLAIM, for the waiting operations of the library.
 *
 * try_push and try_pop compare head and tail, claim an index, and then *wait*
 * until the slot is free or filled. push and pop claim by fetch-and-add without
 * comparing, and wait at the slot without a limit. In both forms, a thread that
 * is suspended between claim and slot stops the thread that claims this slot
 * next, so both sides are blocking. "Empty" and "full" are exact.
 *
 * Two threads of one side whose indices are a whole ring apart wait at the same
 * slot, and the slot does not know which thread is first. So with several
 * threads on a side, messages can overtake others (BACKEND_MANY_UNORDERED).
 *
 * Neighbouring indices are on different cache lines, so that threads at
 * neighbouring slots do not disturb each other. With one producer and one
 * consumer this costs a line for each message; the library can leave it out
 * only if the capacity is fixed (MINIMIZE_CONTENTION).
 */
#ifndef ATOMIC_QUEUE_COMMON_H
#define ATOMIC_QUEUE_COMMON_H

#define NDEBUG
#include <atomic_queue/atomic_queue.h>

#include "contract.h"
#include "peer.h"

namespace
{

#ifdef FIXED_CAPACITY
enum {
	CAPACITY_MAX = FIXED_CAPACITY
};

struct RINGBENCH_ALIGNED queue {
	atomic_queue::AtomicQueue<uint64_t, FIXED_CAPACITY, 0,
				  !THREADS_ARE_ONE_AND_ONE, true, false,
				  THREADS_ARE_ONE_AND_ONE>
		ring;

	explicit queue(size_t)
	{
	}
};
#else
enum {
	CAPACITY_MAX = 1 << 30
};

struct RINGBENCH_ALIGNED queue {
	atomic_queue::AtomicQueueB<uint64_t, std::allocator<uint64_t>, 0, true,
				   false, THREADS_ARE_ONE_AND_ONE>
		ring;

	explicit queue(size_t capacity) : ring((unsigned)capacity)
	{
	}
};
#endif

/* FIXED_CAPACITY, or a power of two that is at least 64. */
int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	int error = -EINVAL;

	if (capacity && capacity <= CAPACITY_MAX)
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

#ifdef QUEUE_HAS_CLAIM
QUEUE_OPERATION void queue_push(struct port *port, uint64_t word)
{
	port->queue->ring.push(word);
}

QUEUE_OPERATION void queue_pop(struct port *port, uint64_t *word)
{
	*word = port->queue->ring.pop();
	__atomic_thread_fence(__ATOMIC_ACQUIRE); /* as in queue_try_pop() */
}
#endif

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->ring.was_empty();
}

} // namespace

#endif
