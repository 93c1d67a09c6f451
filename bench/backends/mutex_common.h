/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring under a pthread mutex with two condition variables. The backends that
 * include this file differ in which end they pop from: each defines pop_word().
 */
#ifndef MUTEX_COMMON_H
#define MUTEX_COMMON_H

#define QUEUE_HAS_BULK
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#include <errno.h>
#include <pthread.h>

#include "ringbench_clock.h"
#include "contract.h"
#include "fifo.h"

/*
 * glibc up to 2.40 can lose a wake-up of a condition variable (glibc bug
 * 25847). This limit on each sleep bounds the damage.
 */
#define LONGEST_SLEEP_NS (100 * RINGBENCH_NS_PER_MS)

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	bool closed;
	struct fifo fifo;
};

/* Pops a word while the caller holds the lock. False: the ring is empty. */
static RINGBENCH_INLINE bool pop_word(struct fifo *fifo, uint64_t *word);

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? fifo_init(&q->fifo, capacity) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	pthread_cond_init(&q->not_full, NULL);
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	pthread_cond_destroy(&q->not_full);
	pthread_cond_destroy(&q->not_empty);
	pthread_mutex_destroy(&q->lock);
	fifo_free(&q->fifo);
	free(q);
}

static void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->not_empty);
	pthread_cond_broadcast(&q->not_full);
	pthread_mutex_unlock(&q->lock);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	bool pushed;

	pthread_mutex_lock(&q->lock);
	pushed = fifo_push(&q->fifo, word);
	pthread_mutex_unlock(&q->lock);
	if (pushed)
		pthread_cond_signal(&q->not_empty);
	return pushed;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	bool popped;

	pthread_mutex_lock(&q->lock);
	popped = pop_word(&q->fifo, word);
	pthread_mutex_unlock(&q->lock);
	if (popped)
		pthread_cond_signal(&q->not_full);
	return popped;
}

/* Several words may be for several threads, so all of them are woken. */
static RINGBENCH_INLINE void signal_for(pthread_cond_t *condition, size_t words)
{
	if (words > 1)
		pthread_cond_broadcast(condition);
	else if (words)
		pthread_cond_signal(condition);
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	struct queue *q = port->queue;
	size_t done = 0;

	pthread_mutex_lock(&q->lock);
	while (done < count && fifo_push(&q->fifo, words[done]))
		done++;
	pthread_mutex_unlock(&q->lock);
	signal_for(&q->not_empty, done);
	return done;
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	struct queue *q = port->queue;
	size_t done = 0;

	pthread_mutex_lock(&q->lock);
	while (done < count && pop_word(&q->fifo, &words[done]))
		done++;
	pthread_mutex_unlock(&q->lock);
	signal_for(&q->not_full, done);
	return done;
}

/* Locks the mutex, like Python's Queue.empty(). */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	struct queue *q = port->queue;
	bool empty;

	pthread_mutex_lock(&q->lock);
	empty = q->fifo.count == 0;
	pthread_mutex_unlock(&q->lock);
	return empty;
}

/*
 * Sleeps on a condition variable for LONGEST_SLEEP_NS at most. False: the
 * deadline has passed.
 */
static inline bool sleep_on(struct queue *q, pthread_cond_t *condition,
			    int64_t deadline_ns, struct waitclock *clock)
{
	int64_t now_ns = ringbench_now_ns();
	int64_t until_ns = now_ns + LONGEST_SLEEP_NS;
	struct timespec until;

	if (now_ns >= deadline_ns)
		return false;
	waitclock_sleeps(clock);
	until = ringbench_timespec(until_ns < deadline_ns ? until_ns
							  : deadline_ns);
	pthread_cond_clockwait(condition, &q->lock, CLOCK_MONOTONIC, &until);
	return true;
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	struct queue *q = port->queue;
	enum queue_status status;

	pthread_mutex_lock(&q->lock);
	for (;;) {
		status = q->closed		     ? QUEUE_CLOSED
			 : fifo_push(&q->fifo, word) ? QUEUE_OK
						     : QUEUE_TIMEOUT;
		if (status != QUEUE_TIMEOUT ||
		    !sleep_on(q, &q->not_full, deadline_ns, clock))
			break;
	}
	pthread_mutex_unlock(&q->lock);
	if (status == QUEUE_OK)
		pthread_cond_signal(&q->not_empty);
	return status;
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	struct queue *q = port->queue;
	enum queue_status status;

	pthread_mutex_lock(&q->lock);
	for (;;) {
		status = pop_word(&q->fifo, word) ? QUEUE_OK
			 : q->closed		  ? QUEUE_CLOSED
						  : QUEUE_TIMEOUT;
		if (status != QUEUE_TIMEOUT ||
		    !sleep_on(q, &q->not_empty, deadline_ns, clock))
			break;
	}
	pthread_mutex_unlock(&q->lock);
	if (status == QUEUE_OK)
		pthread_cond_signal(&q->not_full);
	return status;
}

#endif
