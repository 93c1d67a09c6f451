/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A backend to copy: a ring under a plain test-and-set flag, as small as it
 * gets. Replace this comment by what your queue is and where it comes from.
 *
 *	cp bench/backends/skeleton.c bench/backends/mine.c
 *
 * then put your name into EXPORT_BACKEND and run
 *
 *	make && build/ringbench run --scenario stream --backend mine,mutex
 *
 * Nothing else has to be edited: the list of backends is made from the files.
 */

/*
 * Optional parts are announced before contract.h is included:
 *
 * QUEUE_HAS_PORT	each thread has state of its own (tokens, cached ends):
 *			define struct port, port_open() and port_close()
 * QUEUE_HAS_WAIT	the queue can wait by itself: define queue_push_until()
 *			and queue_pop_until(). Without it, blocking loops sleep
 *			on the eventcount of src/
 * QUEUE_HAS_CLOSE	and its waiting threads can be woken for good: define
 *			queue_close(). Without it they are asked every 10 ms
 * QUEUE_HAS_BULK	several words pass in one operation: define
 *			queue_try_push_bulk() and queue_try_pop_bulk(). Without
 *			it, batches are passed word by word
 */
#include <errno.h>

#include "contract.h"
#include "fifo.h"

/* Required. What threads share. A line for what they fight over. */
struct queue {
	uint32_t locked RINGBENCH_ALIGNED;
	struct fifo fifo RINGBENCH_ALIGNED;
};

/* Required. ringbench_alloc_lines() aligns, zeroes, touches every page, and
 * pads. */
static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? fifo_init(&q->fifo, capacity) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	*usable = capacity; /* say what came, when it is not what was asked */
	*queue = q;
	return 0;
}

/* Required. */
static void queue_destroy(struct queue *q)
{
	fifo_free(&q->fifo);
	free(q);
}

static RINGBENCH_INLINE void lock(struct queue *q)
{
	while (__atomic_exchange_n(&q->locked, 1, __ATOMIC_ACQUIRE))
		ringbench_pause();
}

static RINGBENCH_INLINE void unlock(struct queue *q)
{
	ringbench_store_release(&q->locked,
				0); /* pairs with the acquire in lock() */
}

/* Required. One try; true when the word is in the queue. */
QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	bool pushed;

	lock(port->queue);
	pushed = fifo_push(&port->queue->fifo, word);
	unlock(port->queue);
	return pushed;
}

/* Required. One try; true when *word was taken. */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	bool popped;

	lock(port->queue);
	popped = fifo_pop(&port->queue->fifo, word);
	unlock(port->queue);
	return popped;
}

/* Required. Asked before each pop by the wait policies poll and sleep. */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	bool empty;

	lock(port->queue);
	empty = port->queue->fifo.count == 0;
	unlock(port->queue);
	return empty;
}

#include "workers.h"

/*
 * Required: the file's name, one line, flags of enum backend_flag, and what a
 * suspended thread does to push and to pop. Be strict: whoever can be kept
 * waiting for ever by a suspended thread is blocking.
 */
EXPORT_BACKEND(skeleton, "ring under a flag: a file to copy",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
