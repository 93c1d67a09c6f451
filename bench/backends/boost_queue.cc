// SPDX-License-Identifier: BSD-2-Clause
/*
 * Boost's queue for many producers and consumers (boost::lockfree::queue):
 * Michael and Scott's list. Its nodes come from a free list and go back to it,
 * a stack; a count of 16 bits beside each pointer makes a late compare-and-swap
 * fail, unless 65,536 others came in between, to the very same pointer. The
 * nodes are allocated beforehand, and bounded_push never asks for more: that is
 * what gives it a bound.
 *
 * Progress is lock-free, with ck_stack's catch: a thread that is suspended
 * between free list and queue has a node with it, so a push may say "full" of a
 * queue from which the message is gone already (BACKEND_WEAK_EMPTY), and as
 * many suspended threads as there are nodes would stop everybody. "Empty" is
 * exact.
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
	/* A node is a line of 64 bytes. */
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
	uint64_t taken; /* written even where the pop fails in the end */

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
	       PROGRESS_LOCK_FREE, PROGRESS_LOCK_FREE)
