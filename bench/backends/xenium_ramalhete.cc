// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenium's ramalhete_queue: a list of arrays of 512 slots whose indices are
 * claimed by fetch-and-add (Ramalhete and Correia, "FAAArrayQueue", 2016),
 * without capacity limit. A pop that has waited long enough for a slot marks
 * the slot, and the push that claimed the slot uses another one. An array is
 * allocated for every 512 messages and freed after them (xenium_list.h).
 *
 * A slot holds a pointer and a mark in the highest bit. A word that uses the
 * two highest bits is stored in an allocated box, and the pointer to the box is
 * pushed with the second highest bit set. Only the sentinel needs a box.
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

	while (library_pop(q, &word)) /* a pop also frees the word's box */
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
