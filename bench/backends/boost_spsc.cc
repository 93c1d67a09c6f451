// SPDX-License-Identifier: BSD-2-Clause
/*
 * Boost's ring for one producer and one consumer (boost::lockfree::spsc_queue)
 * with a capacity given at run time: Lamport's ring, like ck_spsc. Each side
 * reads the other side's index in every operation (acquire; pairs with the
 * release of the other side's store). No side waits: wait-free.
 *
 * The address and the size of the array, which both sides only read, lie beside
 * the consumer's index. So each pop invalidates them in the producer's cache.
 * The layout is the library's own; the backend does not change it.
 *
 * NEEDS: boost/lockfree/spsc_queue.hpp libboost-dev
 */
#define NDEBUG
#include <boost/lockfree/spsc_queue.hpp>

#define QUEUE_HAS_BULK
#define QUEUE_HAS_VALUE
#include "contract.h"
#include "peer.h"

namespace
{

struct RINGBENCH_ALIGNED queue {
	boost::lockfree::spsc_queue<uint64_t> ring;

	explicit queue(size_t capacity) : ring(capacity)
	{
	}
};

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*usable = capacity;
	return capacity ? peer_create(created, capacity, capacity) : -EINVAL;
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->ring.push(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return port->queue->ring.pop(*word);
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	return port->queue->ring.push(words, count);
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	return port->queue->ring.pop(words, count);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->ring.empty();
}

template <size_t N> using value_ring = boost::lockfree::spsc_queue<value<N>>;

template <size_t N>
QUEUE_OPERATION bool ring_push(value_ring<N> *ring, const value<N> &message)
{
	return ring->push(message);
}

template <size_t N>
QUEUE_OPERATION bool ring_pop(value_ring<N> *ring, value<N> &message)
{
	return ring->pop(message);
}

} // namespace

#include "peer_value.h"

namespace
{

int value_create(size_t capacity, size_t bytes, struct value_queue **created,
		 size_t *usable)
{
	*usable = capacity;
	return capacity ? value_create_peer(capacity, bytes, created, capacity)
			: -EINVAL;
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(boost_spsc, "Boost.Lockfree spsc_queue", 0, PROGRESS_WAIT_FREE,
	       PROGRESS_WAIT_FREE)
