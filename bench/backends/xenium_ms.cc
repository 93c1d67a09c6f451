// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenium's michael_scott_queue: Michael and Scott's list (1996), without
 * capacity limit. Each push allocates a node, each pop leaves a node to be
 * freed (xenium_list.h).
 *
 * NEEDS: xenium/michael_scott_queue.hpp libxenium-dev
 */
#define NDEBUG
#include <xenium/michael_scott_queue.hpp>

#include "xenium_list.h"

namespace
{

struct RINGBENCH_ALIGNED queue {
	xenium::michael_scott_queue<uint64_t, xenium::policy::reclaimer<epochs>>
		list;

	explicit queue(size_t)
	{
	}
};

} // namespace

#include "xenium_common.h"

namespace
{

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*usable = 0;
	return capacity ? -EINVAL : peer_create(created, 0, 1);
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	try {
		port->queue->list.push(word);
	} catch (const std::bad_alloc &) {
		return false;
	}
	return true;
}

RINGBENCH_INLINE bool library_pop(struct queue *q, uint64_t *word)
{
	return q->list.try_pop(*word);
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(xenium_ms, "Michael and Scott's list",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
