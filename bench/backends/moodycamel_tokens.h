/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * moodycamel's queues with their tokens, the way that its author recommends: a
 * thread's token knows its list, and where it took from last. The file that
 * includes this one defines MOODYCAMEL_QUEUE first.
 */
#ifndef MOODYCAMEL_TOKENS_H
#define MOODYCAMEL_TOKENS_H

#include <optional>

#define QUEUE_HAS_PORT
#include "moodycamel_common.h"

namespace
{

/* A token is a list that consumers look at: only who pushes has one. The list
 * of a token that is gone is taken over by the next who pushes. */
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
	if (unlikely(!port->producer))
		port->producer.emplace(port->queue->lists);
	return port->queue->lists.enqueue(*port->producer, word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return port->queue->lists.try_dequeue(*port->consumer, *word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->lists.size_approx() == 0;
}

} // namespace

#endif
