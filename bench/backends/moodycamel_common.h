/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cameron Desrochers' queue for many producers and consumers
 * (moodycamel::ConcurrentQueue), without capacity limit. The backends that
 * include this file call it in different ways: each defines MOODYCAMEL_QUEUE,
 * the class, first.
 *
 * Each producer has its own list of blocks. A consumer pops from one list until
 * the list is empty and then tries the next list. So the order of each
 * producer's messages is kept, but there is no order between two producers.
 *
 * Pop is blocking. A pop increments a counter, checks whether there are enough
 * messages for the counter, and decrements the counter if not. In between it
 * hides a new message from other consumers (BACKEND_WEAK_EMPTY), for ever if
 * the thread is suspended there. Push is blocking, because it may have to wait
 * for the allocator.
 *
 * Under `block`, no thread sleeps for ever while a message is there. The thread
 * whose counter hides the message tries again before it sleeps: its
 * announcement came before its try, and the notify of the push came after both.
 *
 * A producer is refused when the number of its messages in the queue reaches
 * the limit. It stays refused until a whole block is empty: a weak "full".
 */
#ifndef MOODYCAMEL_COMMON_H
#define MOODYCAMEL_COMMON_H

#define NDEBUG
#ifndef __clang__
/* gcc 12 warns although std::optional knows whether it holds a token. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <concurrentqueue/blockingconcurrentqueue.h>

#include "contract.h"
#include "peer.h"

namespace
{

struct traits : moodycamel::ConcurrentQueueDefaultTraits {
	/*
	 * Limit of one producer. Without it, the queue could take all memory of
	 * the machine.
	 */
	static const size_t MAX_SUBQUEUE_SIZE = 1 << 17;
};

struct RINGBENCH_ALIGNED queue {
	moodycamel::MOODYCAMEL_QUEUE<uint64_t, traits> lists;

	/* Allocates and touches all blocks of the first producer. */
	explicit queue(size_t capacity) : lists(capacity)
	{
	}
};

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*usable = 0;
	return capacity ? -EINVAL
			: peer_create(created, traits::MAX_SUBQUEUE_SIZE, 1);
}

void queue_destroy(struct queue *q)
{
	delete q;
}

} // namespace

#endif
