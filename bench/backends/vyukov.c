/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dmitry Vyukov's bounded queue for many producers and consumers, from the
 * published algorithm (1024cores.net, "Bounded MPMC queue", 2010).
 * xenium_vyukov is the same one from a library.
 *
 * Each slot has a number: `at` where the push number `at` may fill it, `at + 1`
 * where the pop number `at` may empty it. Who finds its number claims the index
 * by compare-and-swap, uses the slot, and writes the next number with release;
 * the acquire that reads the number pairs with it, so that word and slot go
 * from hand to hand. The indices themselves order nothing.
 *
 * A thread that is suspended between claim and number leaves a slot at which
 * all others see "empty", though later messages are there, or "full", though
 * there is room (BACKEND_WEAK_EMPTY): blocking, on both sides.
 */
#include <errno.h>

#include "contract.h"
#include "ringbench_memory.h"

struct slot {
	uint64_t number;
	uint64_t word;
};

struct queue {
	struct slot *slots RINGBENCH_ALIGNED; /* this line is only read */
	uint64_t mask;
	uint64_t push_at RINGBENCH_ALIGNED;
	uint64_t pop_at RINGBENCH_ALIGNED;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	size_t count = 2; /* with one, "filled" and "free again" are the same */
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
 * Claims the index whose slot is `step` past it, and returns the slot; NULL
 * when the slot is a lap behind. *at becomes the index.
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
