/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The waiting operations of a queue whose blocking system calls a signal ends
 * (interrupted.h). The backend includes this file after struct queue, which has
 * the member `callers`, the tries, and four functions:
 *   push_call(), pop_call()              one call without a deadline
 *   push_call_until(), pop_call_until()  one call; *expired: the deadline has
 *                                        passed
 * Each returns whether it transferred the word. q is the queue of the port.
 */
#ifndef INTERRUPTED_WAIT_H
#define INTERRUPTED_WAIT_H

#include "interrupted.h"

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	callers_add(&queue->callers, &port->caller);
}

QUEUE_OPERATION void port_close(struct port *port)
{
	callers_remove(&port->queue->callers, &port->caller);
}

static void queue_close(struct queue *q)
{
	callers_end(&q->callers, interrupt);
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	struct queue *q = port->queue;
	bool done = false, expired = false;

	(void)clock;
	while (!done && !expired && callers_enter(&q->callers, &port->caller)) {
		if (deadline_ns == RINGBENCH_NEVER)
			done = push_call(q, &word);
		else
			done = push_call_until(port, q, &word, deadline_ns,
					       &expired);
	}
	callers_leave(&port->caller);
	return done ? QUEUE_OK : expired ? QUEUE_TIMEOUT : QUEUE_CLOSED;
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	struct queue *q = port->queue;
	bool done = false, expired = false;

	(void)clock;
	while (!done && !expired && callers_enter(&q->callers, &port->caller)) {
		if (deadline_ns == RINGBENCH_NEVER)
			done = pop_call(q, word);
		else
			done = pop_call_until(port, q, word, deadline_ns,
					      &expired);
	}
	callers_leave(&port->caller);
	if (done || (!expired && queue_try_pop(port, word)))
		return QUEUE_OK;
	return expired ? QUEUE_TIMEOUT : QUEUE_CLOSED;
}

#endif
