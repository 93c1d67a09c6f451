/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One futex word beside one message, and no queue: the cost of a wake-up, which
 * is the bound of wakeup for threads that block. A push always calls
 * FUTEX_WAKE, and a pop that finds nothing calls FUTEX_WAIT at once. There is
 * only one message, so no push checks for a free slot.
 *
 * Bit 0 of the word says that the queue is closed; the other bits count the
 * messages. Because one word contains both, FUTEX_WAIT on this word ends for a
 * new message and for the close.
 */
#define QUEUE_HAS_PORT
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#include <errno.h>

#include "contract.h"
#include "ringbench_clock.h"
#include "ringbench_futex.h"
#include "ringbench_memory.h"

enum {
	CLOSED = 1,
	MESSAGE = 2, /* one message more */
};

struct queue {
	uint32_t state RINGBENCH_ALIGNED; /* the futex */
	uint64_t word;			  /* the message */
	/* messages popped, kept between two ports of the consumer */
	uint32_t seen RINGBENCH_ALIGNED;
};

struct port {
	struct queue *queue;
	uint32_t seen; /* messages popped, counted as in `state` */
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	(void)capacity;
	*usable = 1;
	*queue = ringbench_alloc_lines(sizeof(**queue));
	return *queue ? 0 : -ENOMEM;
}

static void queue_destroy(struct queue *queue)
{
	free(queue);
}

static void queue_close(struct queue *queue)
{
	/* Pairs with the acquire of queue_pop_until. */
	__atomic_fetch_or(&queue->state, CLOSED, __ATOMIC_RELEASE);
	ringbench_futex_wake_all(&queue->state);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	port->seen = queue->seen;
}

QUEUE_OPERATION void port_close(struct port *port)
{
	port->queue->seen = port->seen;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	ringbench_store_relaxed(&port->queue->word, word);
	/* Pairs with the acquire of the pops. */
	ringbench_fetch_add_release(&port->queue->state, (uint32_t)MESSAGE);
	ringbench_futex_wake_all(&port->queue->state);
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	uint32_t state = ringbench_load_relaxed(&port->queue->state);

	return (state & ~(uint32_t)CLOSED) == port->seen;
}

/* Pops the message if `state` counts one that was not popped. */
static RINGBENCH_INLINE bool pop_at(struct port *port, uint32_t state,
				    uint64_t *word)
{
	state &= ~(uint32_t)CLOSED;
	if (state == port->seen)
		return false;
	port->seen = state;
	*word = ringbench_load_relaxed(&port->queue->word);
	return true;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return pop_at(port, ringbench_load_acquire(&port->queue->state), word);
}

/* A push never waits. */
QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	(void)deadline_ns;
	(void)clock;
	if (ringbench_load_relaxed(&port->queue->state) & CLOSED)
		return QUEUE_CLOSED;
	queue_try_push(port, word);
	return QUEUE_OK;
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	struct queue *queue = port->queue;
	int error = 0;

	for (;;) {
		uint32_t state = ringbench_load_acquire(&queue->state);

		if (pop_at(port, state, word))
			return QUEUE_OK;
		if (state & CLOSED)
			return QUEUE_CLOSED;
		if (error == -ETIMEDOUT)
			return QUEUE_TIMEOUT;
		waitclock_sleeps(clock);
		error = ringbench_futex_wait(&queue->state, state, deadline_ns);
	}
}

#include "workers.h"

EXPORT_BACKEND(futex, "one futex word: bound of wakeup with block",
	       BACKEND_NOT_A_QUEUE | BACKEND_ONE_POINTER, PROGRESS_WAIT_FREE,
	       PROGRESS_WAIT_FREE)
