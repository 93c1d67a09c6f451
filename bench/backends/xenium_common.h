/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manuel Poeter's library xenium (0.0.2), for the backends that wrap its
 * queues. These queues have no test for "empty". So queue_is_empty() pops a
 * message and keeps it in the port, and the next pop returns it. In a loop that
 * never calls queue_is_empty(), the compiler removes this code.
 *
 * The file that includes this file defines struct queue and library_pop(),
 * which pops a message, first.
 */
#ifndef XENIUM_COMMON_H
#define XENIUM_COMMON_H

#include "peer.h"

namespace
{

struct port {
	struct queue *queue;
	uint64_t kept; /* word that queue_is_empty() popped; 0: none */
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
