// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cameron Desrochers' queue for many producers and consumers
 * (moodycamel::ConcurrentQueue) with its tokens, without bound. Each producer
 * has a list of blocks of its own; a consumer takes from one list until it is
 * empty and then looks at the next. So the order is each producer's only, and
 * nothing is promised between two of them.
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
 *
 * enqueue_bulk() must not be refused half-way, when it has got some of several
 * blocks: while somebody takes, messages then come in disorder and twice
 * (1.0.3). So a batch goes in pieces that need one block at most, each as a
 * whole or not at all.
 *
 * NEEDS: concurrentqueue/concurrentqueue.h libconcurrentqueue-dev
 */
#define NDEBUG
#ifndef __clang__
/* gcc 12 does not see that std::optional knows whether it holds a token. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <concurrentqueue/concurrentqueue.h>
#include <optional>

#define QUEUE_HAS_BULK
#define QUEUE_HAS_PORT
#include "contract.h"
#include "peer.h"

namespace
{

struct traits : moodycamel::ConcurrentQueueDefaultTraits {
	/* Of one producer; else it would take all of the machine's memory. */
	static const size_t MAX_SUBQUEUE_SIZE = 1 << 17;
};

struct LINE_ALIGNED queue {
	moodycamel::ConcurrentQueue<uint64_t, traits> lists;

	/* All of the first producer's blocks are there, and touched. */
	explicit queue(size_t capacity) : lists(capacity)
	{
	}
};

/* A token is a list that consumers look at: only who pushes has one. */
struct port {
	struct queue *queue;
	std::optional<moodycamel::ProducerToken> producer;
	std::optional<moodycamel::ConsumerToken> consumer;
};

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*usable = 0;
	/* One word: its list is taken over by the first who pushes. */
	return capacity ? -EINVAL
			: peer_create(created, traits::MAX_SUBQUEUE_SIZE, 1);
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	port->consumer.emplace(queue->lists);
}

QUEUE_OPERATION void port_close(struct port *port)
{
	port->consumer.reset();
	port->producer.reset();
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	if (unlikely(!port->producer))
		port->producer.emplace(port->queue->lists);
	return port->queue->lists.enqueue(*port->producer, word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return port->queue->lists.try_dequeue(*port->consumer, *word);
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	size_t done = 0, piece;

	if (unlikely(!port->producer))
		port->producer.emplace(port->queue->lists);
	do {
		piece = count - done < traits::BLOCK_SIZE ? count - done
							  : traits::BLOCK_SIZE;
		if (!port->queue->lists.enqueue_bulk(*port->producer,
						     words + done, piece))
			break;
		done += piece;
	} while (done < count);
	return done;
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	return port->queue->lists.try_dequeue_bulk(*port->consumer, words,
						   count);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->lists.size_approx() == 0;
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(moodycamel, "ConcurrentQueue",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
