/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manuel Poeter's library xenium (0.0.2), for the backends that wrap its
 * queues. None of them can be asked whether it is empty: the question takes a
 * message and keeps it in the port, for the pop that follows at once. Where a
 * loop does not ask, the compiler finds that nothing is ever kept.
 *
 * The file that includes this one defines struct queue first, and
 * library_pop(), which takes a message.
 */
#ifndef XENIUM_COMMON_H
#define XENIUM_COMMON_H

#include "peer.h"

namespace
{

struct port {
	struct queue *queue;
	uint64_t kept; /* 0: nothing */
};

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	port->kept = 0;
}

QUEUE_OPERATION void port_close(struct port *)
{
}

RINGBENCH_INLINE bool library_pop(struct queue *q, uint64_t *word);

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return !port->kept && !library_pop(port->queue, &port->kept);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	if (!port->kept)
		return library_pop(port->queue, word);
	*word = port->kept;
	port->kept = 0;
	return true;
}

} // namespace

#endif
