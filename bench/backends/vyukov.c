/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dmitry Vyukov's bounded queue for many producers and consumers, written from
 * the published algorithm (1024cores.net, "Bounded MPMC queue", 2010).
 * xenium_vyukov is the same algorithm from a library.
 *
 * Each slot has a number. Push number n may fill the slot if the number is n;
 * pop number n may empty the slot if the number is n + 1. One operation:
 * 1. Load the number of the slot (acquire).
 * 2. If it fits, claim the index by compare-and-swap (relaxed).
 * 3. Write or read the word.
 * 4. Store the next number (release; pairs with the acquire of the next
 *    operation on this slot).
 *
 * A thread that is suspended between steps 2 and 4 blocks its slot: other
 * threads see "empty" although later messages are there, or "full" although
 * there are free slots (BACKEND_WEAK_EMPTY). So both sides are blocking.
 */
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

struct slot {
	uint64_t number;
	uint64_t word;
};

struct queue {
	struct slot *slots RINGBENCH_ALIGNED; /* cache line without writes */
	uint64_t mask;
	uint64_t push_at RINGBENCH_ALIGNED;
	uint64_t pop_at RINGBENCH_ALIGNED;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	/* with one slot, "filled" and "free again" have the same number */
	size_t count = 2;
	struct queue *q;

	if (capacity == 0 || capacity > SIZE_MAX / 4 / sizeof(*q->slots))
		return -EINVAL;
	while (count < capacity)
		count *= 2;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->slots = ringbench_alloc_lines(count * sizeof(*q->slots));
	if (!q->slots) {
		free(q);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++)
		q->slots[i].number = i;
	q->mask = count - 1;
	*usable = count;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	free(q->slots);
	free(q);
}

/*
 * Claims an index whose slot number is index + step. Sets *at to the index and
 * returns the slot; NULL: the slot is still in use from the previous lap.
 */
static RINGBENCH_INLINE struct slot *claim(struct queue *q, uint64_t *index,
					   uint64_t step, uint64_t *at)
{
	*at = ringbench_load_relaxed(index);
	for (;;) {
		struct slot *slot = &q->slots[*at & q->mask];
		uint64_t number = ringbench_load_acquire(&slot->number);
		int64_t ahead = (int64_t)(number - (*at + step));

		if (ahead < 0)
			return NULL;
		if (ahead > 0)
			*at = ringbench_load_relaxed(index);
		else if (__atomic_compare_exchange_n(index, at, *at + 1, true,
						     __ATOMIC_RELAXED,
						     __ATOMIC_RELAXED))
			return slot;
	}
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	uint64_t at;
	struct slot *slot = claim(q, &q->push_at, 0, &at);

	if (!slot)
		return false;
	slot->word = word;
	ringbench_store_release(&slot->number, at + 1);
	return true;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	uint64_t at;
	struct slot *slot = claim(q, &q->pop_at, 1, &at);

	if (!slot)
		return false;
	*word = slot->word;
	ringbench_store_release(&slot->number, at + q->mask + 1);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	struct queue *q = port->queue;
	uint64_t at = ringbench_load_relaxed(&q->pop_at);

	return (int64_t)(ringbench_load_acquire(
				 &q->slots[at & q->mask].number) -
			 (at + 1)) < 0;
}

#include "workers.h"

EXPORT_BACKEND(vyukov, "Vyukov's ring of numbered slots",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
