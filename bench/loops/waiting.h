/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Push and pop of one word or of several words, under every wait policy.
 *
 * Everything here is inlined into the loops with constant `kind` and
 * `direction`. So a loop contains only the code of its own policy, and the port
 * stays in registers. What a blocking policy does between two tries is in
 * wait_steps.h and is not inlined. workers.h includes this file after the
 * operations of the backend.
 */
#ifndef WAITING_H
#define WAITING_H

#include <sched.h>

#include "backend.h"
#include "ringbench_clock.h"
#include "contract.h"
#include "wait_steps.h"

#ifdef __cplusplus
namespace
{
#endif

/* Longest single wait in a backend without queue_close(). */
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

#ifdef QUEUE_HAS_CLAIM
enum {
	CLAIMS = 1
};
#else
enum {
	CLAIMS = 0
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

/* One try. The policies poll and sleep ask queue_is_empty() before a pop. */
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
/* Waits with the waiting operations of the backend. */
static RINGBENCH_INLINE enum queue_status
native_wait(struct port *port, uint64_t *word, enum direction direction,
	    int64_t deadline_ns, struct waitclock *clock)
{
	if (direction == PUSH)
		return queue_push_until(port, *word, deadline_ns, clock);
	return queue_pop_until(port, word, deadline_ns, clock);
}
#endif

/*
 * Waits in the kernel until the word is pushed or popped, the deadline passes,
 * or the channel is closed.
 */
static RINGBENCH_INLINE enum queue_status
wait_until(struct port *port, struct channel *channel, uint64_t *word,
	   enum direction direction, int64_t deadline_ns)
{
#if defined(QUEUE_HAS_WAIT) && defined(QUEUE_HAS_CLOSE)
	(void)channel;
	return native_wait(port, word, direction, deadline_ns, NULL);
#elif defined(QUEUE_HAS_WAIT)
	for (;;) {
		int64_t slice = ringbench_now_ns() + WAIT_SLICE_NS;
		bool last = slice >= deadline_ns;
		enum queue_status status;

		if (direction == PUSH &&
		    ringbench_load_acquire(&channel->closed))
			return QUEUE_CLOSED;
		status = native_wait(port, word, direction,
				     last ? deadline_ns : slice, NULL);
		if (status != QUEUE_TIMEOUT || last)
			return status;
		if (ringbench_load_acquire(&channel->closed))
			return QUEUE_CLOSED;
	}
#else
	struct sleeper sleeper;

	sleeper_begin(&sleeper, channel, direction, deadline_ns);
	while (sleeper_next(&sleeper))
		if (attempt(port, word, direction, WAIT_BLOCK))
			return QUEUE_OK;
	return sleeper.timed_out ? QUEUE_TIMEOUT : QUEUE_CLOSED;
#endif
}

/* The policies poll, spin and yield. False: the run ended. */
static RINGBENCH_INLINE bool wait_busy(struct port *port, uint64_t *word,
				       struct worker *me,
				       struct waitclock *clock,
				       enum direction direction,
				       enum wait_kind kind)
{
	uint64_t tries = 1; /* the failed try of transfer() */
	bool done = false;

	waitclock_start(clock);
	while (!ringbench_load_relaxed(me->stop)) {
		if (kind == WAIT_SPIN)
			ringbench_pause();
		if (kind == WAIT_YIELD)
			sched_yield();
		if (RINGBENCH_UNLIKELY(tries == WAITCLOCK_HEAD_TRIES))
			waitclock_tail(clock);
		done = attempt(port, word, direction, kind);
		if (done)
			break;
		tries++;
	}
	waitclock_stop(clock, tries);
	return done;
}

/* The policy sleep:D. */
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

#ifdef QUEUE_HAS_WAIT
/* The last state of a blocking policy, in a queue that sleeps by itself. */
static RINGBENCH_INLINE bool
wait_native(struct port *port, struct channel *channel, uint64_t *word,
	    struct wait *wait, enum direction direction, enum wait_kind kind)
{
	enum queue_status status = QUEUE_TIMEOUT;
	struct worker *me = wait->me;

	while (status == QUEUE_TIMEOUT && !ringbench_load_relaxed(me->stop)) {
		int64_t deadline = RINGBENCH_NEVER;

		if (kind == WAIT_TIMEOUT)
			deadline = ringbench_now_ns() + me->wait_ns;
		status = wait_until(port, channel, word, direction, deadline);
		if (status == QUEUE_TIMEOUT) {
			me->timeouts++;
			wait->tries++;
		}
	}
	return status == QUEUE_OK;
}
#endif

/* The blocking policies. False: the run ended. */
static RINGBENCH_INLINE bool
wait_blocking(struct port *port, struct channel *channel, uint64_t *word,
	      struct worker *me, enum direction direction, enum wait_kind kind)
{
	struct wait wait;
	bool done = false;

	wait_begin(&wait, me, channel, direction, kind, NATIVE_WAIT);
	while (!done && wait_next(&wait))
		done = attempt(port, word, direction, kind);
#ifdef QUEUE_HAS_WAIT
	if (!done && wait.state == WAIT_ASLEEP)
		done = wait_native(port, channel, word, &wait, direction, kind);
#endif
	wait_end(&wait, done);
	return done;
}

#if defined(QUEUE_HAS_WAIT) && defined(QUEUE_HAS_CLOSE)
#define WAIT_AT_ONCE

#ifdef QUEUE_SLEEPS_UNSEEN
enum {
	SLEEPS_UNSEEN = 1
};
#else
enum {
	SLEEPS_UNSEEN = 0
};
#endif

/* The policy block of a queue with a native wait: one operation. */
static RINGBENCH_INLINE bool wait_at_once(struct port *port, uint64_t *word,
					  struct worker *me,
					  struct waitclock *clock,
					  enum direction direction)
{
	enum queue_status status;

	for (;;) {
		status = native_wait(port, word, direction, RINGBENCH_NEVER,
				     clock);
		if (RINGBENCH_LIKELY(status != QUEUE_TIMEOUT) ||
		    ringbench_load_relaxed(me->stop))
			break;
		/* Only a faulty queue returns this without a deadline. */
		waitclock_sleeps(clock);
		me->timeouts++;
	}
	if (SLEEPS_UNSEEN)
		clock->weight = WAITCLOCK_UNSEEN;
	else if (RINGBENCH_UNLIKELY(clock->start_ns != 0))
		waitclock_stop(clock, 1);
	return status == QUEUE_OK;
}
#endif

/*
 * Pushes *word or pops into *word, and waits as the policy says. True: done.
 * False: the run ended. A successful first try reads neither the clock nor the
 * stop flag.
 */
static RINGBENCH_INLINE bool
transfer(struct port *port, struct channel *channel, uint64_t *word,
	 struct worker *me, enum direction direction, enum wait_kind kind)
{
	struct waitclock *clock = direction == POP ? &me->empty : &me->full;
	bool done;

#ifdef WAIT_AT_ONCE
	/* A thread that also works may sleep while it works. */
	if (kind == WAIT_BLOCK && !(SLEEPS_UNSEEN && me->work))
		return wait_at_once(port, word, me, clock, direction);
#endif
#ifdef QUEUE_HAS_CLAIM
	if (kind == WAIT_SPIN) {
		if (direction == PUSH)
			queue_push(port, *word);
		else
			queue_pop(port, word);
		return true;
	}
#endif
	done = attempt(port, word, direction, kind);
	if (RINGBENCH_UNLIKELY(!done)) {
		if (kind == WAIT_SLEEP)
			done = wait_sleeping(port, word, me, clock, direction);
		else if (wait_is_blocking(kind))
			done = wait_blocking(port, channel, word, me, direction,
					     kind);
		else
			done = wait_busy(port, word, me, clock, direction,
					 kind);
	}
	/*
	 * Only blocking loops without native wait sleep on the eventcount, so
	 * only these loops notify.
	 */
	if (!NATIVE_WAIT && wait_is_blocking(kind) && done)
		eventcount_notify(direction == POP ? &channel->not_full
						   : &channel->not_empty);
	return done;
}

/*
 * One try with up to `count` words. The policies poll and sleep ask
 * queue_is_empty() before a pop.
 */
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
 * Pushes or pops up to `count` words (at least 1). Returns the number of words,
 * or 0 at the end of the run.
 * 1. Try all words in one operation.
 * 2. If no word was transferred, wait for the first word.
 * 3. Then try the remaining words in one operation.
 *
 * Step 3 costs an extra operation only after a wait, when the thread has time.
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
