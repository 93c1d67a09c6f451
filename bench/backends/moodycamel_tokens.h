/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * moodycamel's queues with tokens, as their author recommends: the token of a
 * thread knows the thread's list and the list that it popped from last. The
 * file that includes this file defines MOODYCAMEL_QUEUE first.
 *
 * enqueue_bulk() must not fail after it has allocated some of several blocks:
 * if consumers pop meanwhile, messages then arrive out of order and twice
 * (version 1.0.3). So a batch is pushed in parts that need one block at most;
 * each part is pushed as a whole or not at all.
 */
#ifndef MOODYCAMEL_TOKENS_H
#define MOODYCAMEL_TOKENS_H

#include <optional>

#define QUEUE_HAS_BULK
#define QUEUE_HAS_PORT
#include "moodycamel_common.h"

namespace
{

/*
 * Consumers search the list of every producer token, so only a thread that
 * pushes gets one. The list of a destroyed token is reused by the next
 * producer.
 */
struct port {
	struct queue *queue;
	std::optional<moodycamel::ProducerToken> producer;
	std::optional<moodycamel::ConsumerToken> consumer;
};

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
	if (RINGBENCH_UNLIKELY(!port->producer))
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

	if (RINGBENCH_UNLIKELY(!port->producer))
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

#endif
