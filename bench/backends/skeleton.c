/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An example backend to copy: a ring that is protected by a test-and-set lock.
 * Replace this comment by a description of your queue and its source.
 *
 * 	cp bench/backends/skeleton.c bench/backends/mine.c
 *
 * Then put the name into EXPORT_BACKEND and run
 *
 * 	make && build/ringbench run --scenario stream --backend mine,mutex
 *
 * No other file has to be edited: the build finds the backend by its file name.
 */

/*
 * Define these macros before contract.h to announce optional parts:
 *
 * QUEUE_HAS_PORT	A thread has its own state (tokens, cached indices).
 * 		You write struct port, port_open() and port_close().
 * QUEUE_HAS_WAIT	The queue has its own waiting operations. You write
 * 		queue_push_until() and queue_pop_until(). Without this
 * 		macro, blocking policies sleep on the eventcount of src/.
 * QUEUE_HAS_CLOSE	queue_close() ends all waits. You write queue_close().
 * 		The policy block then begins with your waiting operations,
 * 		which call waitclock_sleeps() before they sleep.
 * 		Without this macro, a wait lasts at most 10 ms and is then
 * 		repeated.
 * QUEUE_HAS_BULK	One operation transfers several words. You write
 * 		queue_try_push_bulk() and queue_try_pop_bulk(). Without
 * 		this macro, a batch is transferred word by word.
 */
#include <errno.h>

#include "contract.h"
#include "fifo.h"

/*
 * Required. The memory that the threads share. The lock and the ring are on
 * different cache lines.
 */
struct queue {
	uint32_t locked RINGBENCH_ALIGNED;
	struct fifo fifo RINGBENCH_ALIGNED;
};

/*
 * Required. ringbench_alloc_lines() returns zeroed memory that starts on its
 * own cache line, shares no cache line, and has all pages mapped.
 */
static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? fifo_init(&q->fifo, capacity) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	/* the real capacity, which may be larger than requested */
	*usable = capacity;
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

/* Required. One try. True: the word is in the queue. */
QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	bool pushed;

	lock(port->queue);
	pushed = fifo_push(&port->queue->fifo, word);
	unlock(port->queue);
	return pushed;
}

/* Required. One try. True: a word was popped into *word. */
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	bool popped;

	lock(port->queue);
	popped = fifo_pop(&port->queue->fifo, word);
	unlock(port->queue);
	return popped;
}

/* Required. The wait policies poll and sleep call it before each pop. */
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
 * Required. The arguments are the file name, one line of description, enum
 * backend_flag bits, and the progress classes of push and pop. The classes are
 * strict: if a suspended thread can keep another thread waiting for ever, the
 * operation is blocking.
 */
EXPORT_BACKEND(skeleton, "ring under a flag: a file to copy",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
