// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenium's ramalhete_queue: a list of arrays of 512 slots whose indices are
 * claimed by fetch-and-add (Ramalhete and Correia, "FAAArrayQueue", 2016),
 * without bound. A pop that has waited long enough for a slot marks it, and the
 * push whose slot it was takes another. An array is allocated for the next 512
 * messages and freed after them (xenium_list.h).
 *
 * A slot carries a pointer and a mark in its highest bit. Words that need the
 * two highest bits, of all words here only the sentinel that ends a run, go by
 * an allocated box whose pointer has the second highest bit set.
 *
 * NEEDS: xenium/ramalhete_queue.hpp libxenium-dev
 */
#define NDEBUG
#include <xenium/ramalhete_queue.hpp>

#include "xenium_list.h"

namespace
{

const uint64_t BOXED = UINT64_C(1) << 62;

struct RINGBENCH_ALIGNED queue {
	xenium::ramalhete_queue<void **, xenium::policy::reclaimer<epochs>>
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
	uint64_t word;

	while (library_pop(q, &word)) /* boxes, too */
		;
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	try {
		if (RINGBENCH_UNLIKELY(word >= BOXED))
			word = (uintptr_t) new uint64_t(word) | BOXED;
		port->queue->list.push((void **)word);
	} catch (const std::bad_alloc &) {
		return false;
	}
	return true;
}

RINGBENCH_INLINE bool library_pop(struct queue *q, uint64_t *word)
{
	void **slot;

	if (!q->list.try_pop(slot))
		return false;
	*word = (uintptr_t)slot;
	if (RINGBENCH_UNLIKELY(*word >= BOXED)) {
		uint64_t *box = (uint64_t *)(*word & ~BOXED);

		*word = *box;
		delete box;
	}
	return true;
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(xenium_ramalhete, "list of arrays, fetch-and-add",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
