// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cameron Desrochers' ring for one producer and one consumer
 * (moodycamel::ReaderWriterQueue). Each side keeps its own index and a copy of
 * the other side's index on one cache line. It reads the other side's line only
 * when the copy says full or empty. A release fence precedes the store of an
 * index, and an acquire fence follows the load. No side waits for the other
 * side: wait-free.
 *
 * With try_enqueue, which never allocates, the queue is bounded. It is a circle
 * of rings. A single ring is refilled while it is read; several rings are
 * refilled only after they were read completely. This backend uses one ring, so
 * that "full" is exact at any capacity. The library uses one ring for up to
 * 1023 messages, which is also the default capacity here.
 *
 * NEEDS: readerwriterqueue/readerwriterqueue.h libreaderwriterqueue-dev
 */
#define NDEBUG
#include <readerwriterqueue/readerwriterqueue.h>

#define QUEUE_HAS_VALUE
#include "contract.h"
#include "peer.h"

namespace
{

enum {
	/* Up to twice this size, the library makes one ring. */
	BLOCK_MAX = 1 << 20
};

struct RINGBENCH_ALIGNED queue {
	moodycamel::ReaderWriterQueue<uint64_t, BLOCK_MAX> ring;

	explicit queue(size_t capacity) : ring(capacity)
	{
	}
};

/* The number of messages that a ring of this size holds; 0: it is refused. */
size_t capacity_of(size_t capacity)
{
	size_t slots = 2; /* one slot stays free */

	if (capacity == 0 || capacity >= 2 * BLOCK_MAX)
		return 0;
	while (slots <= capacity)
		slots *= 2;
	return slots - 1;
}

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*usable = capacity_of(capacity);
	return *usable ? peer_create(created, capacity, *usable) : -EINVAL;
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->ring.try_enqueue(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return port->queue->ring.try_dequeue(*word);
}

/* Called by the consumer only, for poll and sleep. */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return !port->queue->ring.peek();
}

template <size_t N>
using value_ring = moodycamel::ReaderWriterQueue<value<N>, BLOCK_MAX>;

template <size_t N>
QUEUE_OPERATION bool ring_push(value_ring<N> *ring, const value<N> &message)
{
	return ring->try_enqueue(message);
}

template <size_t N>
QUEUE_OPERATION bool ring_pop(value_ring<N> *ring, value<N> &message)
{
	return ring->try_dequeue(message);
}

} // namespace

#include "peer_value.h"

namespace
{

int value_create(size_t capacity, size_t bytes, struct value_queue **created,
		 size_t *usable)
{
	*usable = capacity_of(capacity);
	return *usable ? value_create_peer(capacity, bytes, created, *usable)
		       : -EINVAL;
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(moodycamel_spsc, "moodycamel::ReaderWriterQueue", 0,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)
