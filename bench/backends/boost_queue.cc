// SPDX-License-Identifier: BSD-2-Clause
/*
 * Boost's queue for many producers and consumers (boost::lockfree::queue):
 * Michael and Scott's list. Its nodes come from a free list, which is a stack.
 * A 16-bit count beside each pointer makes a late compare-and-swap fail, unless
 * exactly 65,536 changes, or a multiple, came in between and the pointer is the
 * same again. All nodes are allocated at the start, and bounded_push never
 * allocates, so the queue is bounded.
 *
 * Progress: the list is lock-free, but the number of nodes is limited. A thread
 * that is suspended between free list and queue holds a node, so a push may
 * find "full" although the message was popped (BACKEND_WEAK_EMPTY). Suspended
 * threads, as many as there are nodes, stop all other threads: blocking in the
 * strict sense. "Empty" is exact.
 *
 * NEEDS: boost/lockfree/queue.hpp libboost-dev
 */
#define NDEBUG
#include <boost/lockfree/queue.hpp>

#include "contract.h"
#include "peer.h"

namespace
{

struct RINGBENCH_ALIGNED queue {
	boost::lockfree::queue<uint64_t> list;

	explicit queue(size_t capacity) : list(capacity)
	{
	}
};

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*usable = capacity;
	/* A node takes a 64-byte cache line. */
	if (capacity == 0 || capacity > SIZE_MAX / 128)
		return -EINVAL;
	return peer_create(created, capacity, capacity);
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->list.bounded_push(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	uint64_t taken; /* the library writes it even if the pop fails */

	if (!port->queue->list.pop(taken))
		return false;
	*word = taken;
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->list.empty();
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(boost_queue, "Boost.Lockfree queue, bounded",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
