/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of timer: a pop with a deadline at an empty queue, again and again.
 * workers.h includes this file.
 */
#ifndef TIMER_H
#define TIMER_H

#include "backend.h"
#include "histogram.h"
#include "ringbench_clock.h"

/* The state of the waiter. */
struct timer {
	int64_t deadline_ns; /* from now */
	uint64_t popped; /* popped messages; expected is one, at the start */
	uint64_t early;	 /* pops that ended before their deadline */
	struct histogram late;
};

/* The loops of this file; see workers.h. */
#define TIMER_LOOPS(X) X(timer_waiter)

#ifdef WORKERS_H
/*
 * The part of a wait that does not block: tries until end_ns. The policy
 * sleep:D reads the clock only after each sleep, so the pop can return up to D
 * late.
 */
static RINGBENCH_INLINE bool timer_tries(struct port *port, uint64_t *word,
					 struct worker *me, int64_t end_ns,
					 enum wait_kind kind)
{
	struct timespec nap = ringbench_timespec(me->wait_ns);

	while (!ringbench_load_relaxed(me->stop)) {
		if (attempt(port, word, POP, kind))
			return true;
		me->empty.tries++;
		if (ringbench_now_ns() >= end_ns)
			break;
		if (kind == WAIT_SLEEP)
			clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
		else if (kind == WAIT_YIELD)
			sched_yield();
		else if (kind != WAIT_POLL)
			ringbench_pause();
	}
	return false;
}

/* A pop that waits at most until end_ns. */
static RINGBENCH_INLINE enum queue_status
timer_pop(struct port *port, uint64_t *word, struct worker *me, int64_t end_ns,
	  enum wait_kind kind)
{
	enum queue_status status = QUEUE_TIMEOUT;

	if (kind != WAIT_BLOCK && kind != WAIT_TIMEOUT) {
		int64_t first_ns = end_ns;

		if (wait_is_blocking(kind)) {
			first_ns = ringbench_now_ns() + me->wait_ns;
			first_ns = first_ns < end_ns ? first_ns : end_ns;
		}
		if (timer_tries(port, word, me, first_ns, kind))
			return QUEUE_OK;
	}
	while (wait_is_blocking(kind) && status == QUEUE_TIMEOUT &&
	       !ringbench_load_relaxed(me->stop)) {
		int64_t slice_ns = end_ns;

		if (kind == WAIT_TIMEOUT) {
			slice_ns = ringbench_now_ns() + me->wait_ns;
			slice_ns = slice_ns < end_ns ? slice_ns : end_ns;
		}
		status = wait_until(port, me->in, word, POP, slice_ns);
		if (status == QUEUE_TIMEOUT) {
			me->timeouts++;
			me->empty.tries++;
		}
		/* A wait that ends early must be measured, so do not wait
		 * again. */
		if (slice_ns == end_ns)
			break;
	}
	return status;
}

static RINGBENCH_INLINE void timer_waiter(struct worker *me,
					  enum wait_kind kind)
{
	struct timer *timer = (struct timer *)me->state;
	uint64_t word = 0, timeouts = 0;
	struct port port;

	port_open(&port, (struct queue *)me->in->queue);
	while (timeouts < me->limit && worker_goes_on(me, timeouts)) {
		enum queue_status status;
		int64_t end_ns, late_ns;

		waitclock_start_exact(&me->empty);
		end_ns = me->empty.start_ns + timer->deadline_ns;
		status = timer_pop(&port, &word, me, end_ns, kind);
		late_ns = ringbench_now_ns() - end_ns;
		waitclock_stop(&me->empty, 0);
		if (status == QUEUE_CLOSED || ringbench_load_relaxed(me->stop))
			break;
		if (status == QUEUE_OK) {
			timer->popped++;
			me->order.foreign += word != me->first;
			continue;
		}
		timeouts++;
		timer->early += late_ns < 0;
		histogram_record(&timer->late, late_ns);
	}
	port_close(&port);
	me->messages = timeouts;
}
#endif

#endif
