/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The threads inside the waiting operation of a queue, for queues whose waits
 * can only be ended from outside: blocking system calls by a signal, and
 * oneTBB's by abort(). Each port contains one struct caller.
 *
 * callers_end() marks the queue as closed and then wakes the threads inside
 * again and again, because a wake-up that comes just before the thread sleeps
 * is lost. A thread that is outside when the queue is closed does not enter
 * again.
 */
#ifndef CALLERS_H
#define CALLERS_H

#include <pthread.h>
#include <sys/types.h>
#include <unistd.h>

#include "ringbench_atomics.h"
#include "ringbench_clock.h"
#include "contract.h"

struct caller {
	uint32_t inside RINGBENCH_ALIGNED; /* written by its thread only */
	pid_t thread;
	struct caller *next;
};

struct callers {
	pthread_mutex_t lock; /* of the list */
	struct caller *first;
	uint32_t closed RINGBENCH_ALIGNED;
};

static inline void callers_init(struct callers *callers)
{
	pthread_mutex_init(&callers->lock, NULL);
	callers->first = NULL;
	callers->closed = 0;
}

/* The calling thread opens a port. */
static inline void callers_add(struct callers *callers, struct caller *caller)
{
	caller->inside = 0;
	caller->thread = gettid();
	pthread_mutex_lock(&callers->lock);
	caller->next = callers->first;
	callers->first = caller;
	pthread_mutex_unlock(&callers->lock);
}

static inline void callers_remove(struct callers *callers,
				  struct caller *caller)
{
	struct caller **link = &callers->first;

	pthread_mutex_lock(&callers->lock);
	while (*link != caller)
		link = &(*link)->next;
	*link = caller->next;
	pthread_mutex_unlock(&callers->lock);
}

/*
 * A waiting operation begins. False: the queue is closed, do not wait. The
 * fence pairs with the fence in callers_end(): if this thread does not see
 * `closed`, the other thread sees `inside`.
 */
static RINGBENCH_INLINE bool callers_enter(struct callers *callers,
					   struct caller *caller)
{
	ringbench_store_relaxed(&caller->inside, 1);
	ringbench_fence();
	return !ringbench_load_acquire(&callers->closed);
}

static RINGBENCH_INLINE void callers_leave(struct caller *caller)
{
	ringbench_store_release(&caller->inside, 0);
}

/* Closes, and calls wake() until no thread is inside. */
static inline void callers_end(struct callers *callers,
			       void (*wake)(struct callers *callers,
					    const struct caller *caller))
{
	const struct timespec nap = { 0, 100 * RINGBENCH_NS_PER_US };
	bool again = true;

	ringbench_store_release(&callers->closed, 1);
	ringbench_fence();
	while (again) {
		again = false;
		pthread_mutex_lock(&callers->lock);
		for (const struct caller *caller = callers->first; caller;
		     caller = caller->next) {
			if (!ringbench_load_acquire(&caller->inside))
				continue;
			wake(callers, caller);
			again = true;
		}
		pthread_mutex_unlock(&callers->lock);
		if (again)
			nanosleep(&nap, NULL);
	}
}

#endif
