/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A correct queue with a native wait and without close, so the loops must check
 * the stop flag every 10 ms.
 */
#define QUEUE_HAS_WAIT
#include "faulty.h"

#include <sched.h>

#include "ringbench_clock.h"

static bool planted_pop(struct queue *q, uint64_t *word)
{
	return fifo_pop(&q->fifo, word);
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	waitclock_sleeps(clock);
	while (!queue_try_push(port, word)) {
		if (ringbench_now_ns() >= deadline_ns)
			return QUEUE_TIMEOUT;
		sched_yield();
	}
	return QUEUE_OK;
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	waitclock_sleeps(clock);
	while (!queue_try_pop(port, word)) {
		if (ringbench_now_ns() >= deadline_ns)
			return QUEUE_TIMEOUT;
		sched_yield();
	}
	return QUEUE_OK;
}

#include "workers.h"

EXPORT_FAULTY(unclosable, "has a native wait and cannot be closed")
