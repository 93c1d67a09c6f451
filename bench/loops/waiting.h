/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Taking a message and putting one, or several at once, under every wait
 * policy.
 *
 * Everything here is inlined into the loops with `kind` and `direction`
 * constant, so that a loop contains the code of its own policy only, and the
 * port stays in registers. Included by workers.h, after the backend's
 * operations.
 */
#ifndef WAITING_H
#define WAITING_H

#include <sched.h>

#include "backend.h"
#include "ringbench_clock.h"
#include "contract.h"

#ifdef __cplusplus
namespace
{
#endif

/* Which way a message passes; POP waits while empty, PUSH while full. */
enum direction {
	POP,
	PUSH,
};

/* A backend that cannot be closed is asked again after so long. */
#define WAIT_SLICE_NS (10 * RINGBENCH_NS_PER_MS)

#ifdef QUEUE_HAS_WAIT
enum {
	NATIVE_WAIT = 1
};
#else
enum {
	NATIVE_WAIT = 0
};
#endif

#ifdef QUEUE_HAS_BULK
enum {
	NATIVE_BULK = 1
};
#else
enum {
	NATIVE_BULK = 0
};

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	size_t done = 0;

	while (done < count && queue_try_push(port, words[done]))
		done++;
	return done;
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	size_t done = 0;

	while (done < count && queue_try_pop(port, &words[done]))
		done++;
	return done;
}
#endif

#define WAIT_IF_BLOCKING(kind, NAME, name, is_timed, is_blocking, meaning) \
	((kind) == WAIT_##NAME && is_blocking) ||
static RINGBENCH_INLINE bool wait_is_blocking(enum wait_kind kind)
{
	return WAIT_POLICIES(WAIT_IF_BLOCKING, kind) false;
}

/* One try, the way the policy tries. */
static RINGBENCH_INLINE bool attempt(struct port *port, uint64_t *word,
				     enum direction direction,
				     enum wait_kind kind)
{
	if (direction == PUSH)
		return queue_try_push(port, *word);
	if (kind == WAIT_POLL || kind == WAIT_SLEEP)
		return !queue_is_empty(port) && queue_try_pop(port, word);
	return queue_try_pop(port, word);
}

#ifdef QUEUE_HAS_WAIT
/* Waits in the backend's own way. */
static RINGBENCH_INLINE enum queue_status native_wait(struct port *port,
						      uint64_t *word,
						      enum direction direction,
						      int64_t deadline_ns)
{
	if (direction == PUSH)
		return queue_push_until(port, *word, deadline_ns);
	return queue_pop_until(port, word, deadline_ns);
}
#endif

/* Waits in the kernel until the message passed, the deadline, or the close. */
static RINGBENCH_INLINE enum queue_status
wait_until(struct port *port, struct channel *channel, uint64_t *word,
	   enum direction direction, int64_t deadline_ns)
{
#if defined(QUEUE_HAS_WAIT) && defined(QUEUE_HAS_CLOSE)
	(void)channel;
	return native_wait(port, word, direction, deadline_ns);
#elif defined(QUEUE_HAS_WAIT)
	for (;;) {
		int64_t slice = ringbench_now_ns() + WAIT_SLICE_NS;
		bool last = slice >= deadline_ns;
		enum queue_status status;

		if (direction == PUSH &&
		    ringbench_load_acquire(&channel->closed))
			return QUEUE_CLOSED;
		status = native_wait(port, word, direction,
				     last ? deadline_ns : slice);
		if (status != QUEUE_TIMEOUT || last)
			return status;
		if (ringbench_load_acquire(&channel->closed))
			return QUEUE_CLOSED;
	}
#else
	struct eventcount *changed = direction == POP ? &channel->not_empty
						      : &channel->not_full;

	for (;;) {
		uint32_t key = eventcount_prepare(changed);
		bool closed = ringbench_load_acquire(&channel->closed);

		if (closed && direction == PUSH)
			return QUEUE_CLOSED;
		/* Even when closed: what is left is handed out first. */
		if (attempt(port, word, direction, WAIT_BLOCK))
			return QUEUE_OK;
		if (closed)
			return QUEUE_CLOSED;
		if (eventcount_wait(changed, key, deadline_ns) != 0)
			return attempt(port, word, direction, WAIT_BLOCK)
				       ? QUEUE_OK
				       : QUEUE_TIMEOUT;
	}
#endif
}

/*
 * Busy waiting: poll, spin, yield, and the first part of park, which ends
 * after wait_ns. True when the message passed; false at the end of the run or
 * of that part.
 */
static RINGBENCH_INLINE bool wait_busy(struct port *port, uint64_t *word,
				       struct worker *me,
				       struct waitclock *clock,
				       enum direction direction,
				       enum wait_kind kind)
{
	uint64_t tries = 1; /* the one that brought us here */
	int64_t give_up_ns = RINGBENCH_NEVER;
	bool done = false;

	waitclock_start(clock);
	while (!ringbench_load_relaxed(me->stop)) {
		if (kind == WAIT_SPIN || kind == WAIT_PARK)
			ringbench_pause();
		if (kind == WAIT_YIELD)
			sched_yield();
		if (RINGBENCH_UNLIKELY(tries == WAITCLOCK_HEAD_TRIES)) {
			waitclock_tail(clock);
			give_up_ns = clock->start_ns + me->wait_ns;
		}
		done = attempt(port, word, direction, kind);
		if (done)
			break;
		tries++;
		if (kind == WAIT_PARK && tries % 64 == 0 &&
		    tries > WAITCLOCK_HEAD_TRIES &&
		    ringbench_now_ns() >= give_up_ns)
			break;
	}
	waitclock_stop(clock, tries);
	return done;
}

/* sleep:D. */
static RINGBENCH_INLINE bool wait_sleeping(struct port *port, uint64_t *word,
					   struct worker *me,
					   struct waitclock *clock,
					   enum direction direction)
{
	struct timespec nap = ringbench_timespec(me->wait_ns);
	uint64_t tries = 1;
	bool done = false;

	waitclock_start_exact(clock);
	while (!ringbench_load_relaxed(me->stop)) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
		done = attempt(port, word, direction, WAIT_SLEEP);
		if (done)
			break;
		tries++;
	}
	waitclock_stop(clock, tries);
	return done;
}

/* block, timeout:D, and what park:D does in the end. */
static RINGBENCH_INLINE bool
wait_blocked(struct port *port, struct channel *channel, uint64_t *word,
	     struct worker *me, struct waitclock *clock,
	     enum direction direction, enum wait_kind kind)
{
	enum queue_status status = QUEUE_TIMEOUT;
	uint64_t tries = 1;

	waitclock_start_exact(clock);
	while (status == QUEUE_TIMEOUT && !ringbench_load_relaxed(me->stop)) {
		int64_t deadline = RINGBENCH_NEVER;

		if (kind == WAIT_TIMEOUT)
			deadline = ringbench_now_ns() + me->wait_ns;
		status = wait_until(port, channel, word, direction, deadline);
		if (status == QUEUE_TIMEOUT) {
			me->timeouts++;
			tries++;
		}
	}
	waitclock_stop(clock, tries);
	return status == QUEUE_OK;
}

/*
 * Takes a message into *word, or puts *word. Waits as the policy says. True
 * when the message passed, false when the run ends. The first try costs no
 * clock and no look at the stop flag.
 */
static RINGBENCH_INLINE bool
transfer(struct port *port, struct channel *channel, uint64_t *word,
	 struct worker *me, enum direction direction, enum wait_kind kind)
{
	struct waitclock *clock = direction == POP ? &me->empty : &me->full;
	bool done = attempt(port, word, direction, kind);

	if (RINGBENCH_UNLIKELY(!done)) {
		if (kind == WAIT_SLEEP)
			done = wait_sleeping(port, word, me, clock, direction);
		else if (kind != WAIT_BLOCK && kind != WAIT_TIMEOUT)
			done = wait_busy(port, word, me, clock, direction,
					 kind);
		if (wait_is_blocking(kind) && !done)
			done = wait_blocked(port, channel, word, me, clock,
					    direction, kind);
	}
	/* Only loops that sleep on the eventcount pay for telling it. */
	if (!NATIVE_WAIT && wait_is_blocking(kind) && done)
		eventcount_notify(direction == POP ? &channel->not_full
						   : &channel->not_empty);
	return done;
}

/* One try with up to `count` words, the way the policy tries. */
static RINGBENCH_INLINE size_t attempt_bulk(struct port *port,
					    struct channel *channel,
					    uint64_t *words, size_t count,
					    enum direction direction,
					    enum wait_kind kind)
{
	size_t done = 0;

	if (direction == PUSH)
		done = queue_try_push_bulk(port, words, count);
	else if ((kind != WAIT_POLL && kind != WAIT_SLEEP) ||
		 !queue_is_empty(port))
		done = queue_try_pop_bulk(port, words, count);
	if (!NATIVE_WAIT && wait_is_blocking(kind) && done)
		eventcount_notify(direction == POP ? &channel->not_full
						   : &channel->not_empty);
	return done;
}

/*
 * The same as transfer() with up to `count` words, at least 1: how many of them
 * passed; 0 when the run ends. Waits only when not a single one does, and then
 * for the first; the others go along. That is an operation more in a wait,
 * which the side that is ahead has time for.
 */
static RINGBENCH_INLINE size_t transfer_bulk(struct port *port,
					     struct channel *channel,
					     uint64_t *words, size_t count,
					     struct worker *me,
					     enum direction direction,
					     enum wait_kind kind)
{
	size_t done = 0;

	if (count > 1)
		done = attempt_bulk(port, channel, words, count, direction,
				    kind);
	if (RINGBENCH_LIKELY(done))
		return done;
	if (!transfer(port, channel, words, me, direction, kind))
		return 0;
	if (count > 1)
		done = attempt_bulk(port, channel, words + 1, count - 1,
				    direction, kind);
	return 1 + done;
}

#ifdef __cplusplus
}
#endif

#endif
