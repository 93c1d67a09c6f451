// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenium's vyukov_bounded_queue, the algorithm of vyukov.c, with the library's
 * usual try. The try waits at a slot that another thread has claimed, where
 * vyukov.c reports "empty" or "full". So "empty" and "full" are exact, and a
 * thread that is suspended between its claim and the store of the number stops
 * its whole side: blocking.
 *
 * NEEDS: xenium/vyukov_bounded_queue.hpp libxenium-dev
 */
#define NDEBUG
#include <xenium/vyukov_bounded_queue.hpp>

#define QUEUE_HAS_PORT
#include "contract.h"

namespace
{

struct RINGBENCH_ALIGNED queue {
	xenium::vyukov_bounded_queue<uint64_t> ring;

	explicit queue(size_t capacity) : ring(capacity)
	{
	}
};

} // namespace

#include "xenium_common.h"

namespace
{

/* A power of two, at least 2. */
int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	size_t slots = 2;

	if (capacity == 0 || capacity > SIZE_MAX / 64)
		return -EINVAL;
	while (slots < capacity)
		slots *= 2;
	*usable = slots;
	return peer_create(created, slots, slots);
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->ring.try_push(word);
}

RINGBENCH_INLINE bool library_pop(struct queue *q, uint64_t *word)
{
	return q->ring.try_pop(*word);
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(xenium_vyukov, "Vyukov's ring, tries that wait",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
