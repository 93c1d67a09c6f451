/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cameron Desrochers' queue for many producers and consumers
 * (moodycamel::ConcurrentQueue), without bound, for the backends that differ in
 * how they call it; each defines MOODYCAMEL_QUEUE, the class, first.
 *
 * Each producer has a list of blocks of its own; a consumer takes from one list
 * until it is empty and then looks at the next. So the order is each producer's
 * only, and nothing is promised between two of them.
 *
 * A pop counts itself in, looks whether there is a message for so many, and
 * takes the count back if not. In between it hides a message that arrives
 * (BACKEND_WEAK_EMPTY), for ever if it is suspended there: pop is blocking, for
 * all that the library says. Push is, because it may have to wait for the
 * allocator. Can a thread under `block` sleep for ever beside a message? No:
 * the one whose count hides it tries again before it sleeps, since its own
 * announcement came before its try, and the push's notify after both.
 *
 * A producer that found so many of its messages not taken that the limit is
 * reached is refused until a whole block is empty: a weak "full".
 */
#ifndef MOODYCAMEL_COMMON_H
#define MOODYCAMEL_COMMON_H

#define NDEBUG
#ifndef __clang__
/* gcc 12 does not see that std::optional knows whether it holds a token. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <concurrentqueue/blockingconcurrentqueue.h>

#include "contract.h"
#include "peer.h"

namespace
{

struct traits : moodycamel::ConcurrentQueueDefaultTraits {
	/* Of one producer; else it would take all of the machine's memory. */
	static const size_t MAX_SUBQUEUE_SIZE = 1 << 17;
};

struct RINGBENCH_ALIGNED queue {
	moodycamel::MOODYCAMEL_QUEUE<uint64_t, traits> lists;

	/* All of the first producer's blocks are there, and touched. */
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
