/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A planted fault: the operation named in the environment variable STUCK_IN
 * (create, close or destroy) never returns, so the main thread hangs.
 */
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#define queue_create  sound_create
#define queue_destroy sound_destroy
#include "faulty.h"
#undef queue_create
#undef queue_destroy

#include <sched.h>
#include <unistd.h>

#include "ringbench_clock.h"

static void stick(const char *call)
{
	const char *in = getenv("STUCK_IN");

	while (in && strcmp(in, call) == 0)
		pause();
}

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	stick("create");
	return sound_create(capacity, queue, usable);
}

static void queue_destroy(struct queue *q)
{
	stick("destroy");
	sound_destroy(q);
}

static bool planted_pop(struct queue *q, uint64_t *word)
{
	return fifo_pop(&q->fifo, word);
}

static void queue_close(struct queue *q)
{
	stick("close");
	__atomic_store_n(&q->kept, 1, __ATOMIC_RELEASE);
}

/* Waits until the deadline, or until the queue is closed. */
static enum queue_status end_of_wait(struct port *port, int64_t deadline_ns)
{
	if (__atomic_load_n(&port->queue->kept, __ATOMIC_ACQUIRE))
		return QUEUE_CLOSED;
	if (ringbench_now_ns() >= deadline_ns)
		return QUEUE_TIMEOUT;
	sched_yield();
	return QUEUE_OK;
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	waitclock_sleeps(clock);
	while (!queue_try_push(port, word)) {
		enum queue_status status = end_of_wait(port, deadline_ns);

		if (status != QUEUE_OK)
			return status;
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
		enum queue_status status = end_of_wait(port, deadline_ns);

		if (status != QUEUE_OK)
			return status;
	}
	return QUEUE_OK;
}

#include "workers.h"

EXPORT_FAULTY(stuck, "planted fault: create, close or destroy does not return")
