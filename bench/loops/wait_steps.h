/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of the blocking wait policies between two tries. waiting.h contains
 * the tries.
 *
 * The tries are inlined into the loops, so that the port of the queue stays in
 * registers. These steps are not inlined. They do not know the port, and their
 * code in a loop would change the registers that the compiler chooses for the
 * fast path: spsc_ring passed up to 15 % fewer messages with it.
 *
 *	wait_begin(&wait, ...);
 *	while (!done && wait_next(&wait))
 *		done = try
 *	wait_end(&wait, done);
 *
 * A wait begins in the state WAIT_HEAD. park and adaptive may continue in
 * WAIT_TAIL. The last state is WAIT_ASLEEP.
 */
#ifndef WAIT_STEPS_H
#define WAIT_STEPS_H

#include "backend.h"
#include "ringbench_clock.h"

#ifdef __cplusplus
namespace
{
#endif

/* POP waits while the queue is empty, PUSH while the queue is full. */
enum direction {
	POP,
	PUSH,
};

/* Sleeps on the eventcount of a channel until the next try. */
struct sleeper {
	struct channel *channel;
	struct eventcount *changed;
	enum direction direction;
	int64_t deadline_ns;
	int64_t nap_ns;
	uint32_t key;
	bool prepared; /* the key is valid */
	bool closed;
	bool expired;
	/* after sleeper_next() returned false; otherwise the channel is closed
	 */
	bool timed_out;
};

static inline void sleeper_begin(struct sleeper *sleeper,
				 struct channel *channel,
				 enum direction direction, int64_t deadline_ns)
{
	memset(sleeper, 0, sizeof(*sleeper));
	sleeper->channel = channel;
	sleeper->changed = direction == POP ? &channel->not_empty
					    : &channel->not_full;
	sleeper->direction = direction;
	sleeper->deadline_ns = deadline_ns;
}

/* Returns true for the next try, or false at the end of the wait. */
static RINGBENCH_RARE bool sleeper_next(struct sleeper *sleeper)
{
	if (sleeper->prepared) {
		/* A closed channel is drained first: a try comes before the
		 * end. */
		if (sleeper->closed)
			return false;
		sleeper->prepared = false;
		sleeper->expired = eventcount_nap(sleeper->changed,
						  sleeper->key,
						  sleeper->deadline_ns,
						  &sleeper->nap_ns) != 0;
		/*
		 * Try without a new key first: a new key would make the other
		 * side look for a sleeper.
		 */
		return true;
	}
	sleeper->timed_out = sleeper->expired;
	if (sleeper->expired)
		return false;
	sleeper->key = eventcount_prepare(sleeper->changed);
	sleeper->prepared = true;
	sleeper->closed = ringbench_load_acquire(&sleeper->channel->closed);
	return !sleeper->closed || sleeper->direction == POP;
}

/* Time that a woken thread may need until it runs, on a virtual machine. */
#define WAIT_WOKEN_NS (50 * RINGBENCH_NS_PER_US)

enum wait_state {
	WAIT_HEAD, /* the tries before a sleep or before the tail */
	WAIT_TAIL, /* busy waiting for at most wait_ns */
	WAIT_ASLEEP,
};

/* One wait of one thread. */
struct wait {
	struct worker *me;
	struct waitclock *clock;
	struct sleeper sleeper;
	enum wait_kind kind;
	enum wait_state state;
	bool native; /* the queue sleeps by itself */
	uint64_t tries;
	int64_t give_up_ns;
};

static inline struct adaptive *wait_gaps(const struct wait *wait)
{
	return &wait->me->gaps[wait->sleeper.direction];
}

static void wait_sleeps(struct wait *wait)
{
	int64_t deadline_ns = RINGBENCH_NEVER;

	if (wait->kind == WAIT_TIMEOUT)
		deadline_ns = ringbench_now_ns() + wait->me->wait_ns;
	sleeper_begin(&wait->sleeper, wait->sleeper.channel,
		      wait->sleeper.direction, deadline_ns);
}

/* The last state begins. The waits of the first states end here. */
static void wait_begin_asleep(struct wait *wait)
{
	wait->state = WAIT_ASLEEP;
	wait->tries = 1;
	waitclock_start_exact(wait->clock);
	wait_sleeps(wait);
}

/*
 * The first try has failed. Most waits begin with a head of about 1 us: a sleep
 * costs several microseconds on both sides, and most waits in a busy stream are
 * shorter. If the threads share a CPU, the head only delays the thread that
 * would end the wait. A queue with a native wait has its own head.
 */
static RINGBENCH_RARE void wait_begin(struct wait *wait, struct worker *me,
				      struct channel *channel,
				      enum direction direction,
				      enum wait_kind kind, bool native)
{
	bool at_once = kind == WAIT_BLOCK || kind == WAIT_TIMEOUT
			       ? native || me->one_cpu
			       : kind == WAIT_ADAPTIVE && me->one_cpu;

	wait->me = me;
	wait->clock = direction == POP ? &me->empty : &me->full;
	wait->sleeper.channel = channel;
	wait->sleeper.direction = direction;
	wait->kind = kind;
	wait->state = WAIT_HEAD;
	wait->native = native;
	wait->tries = 1; /* the failed try */
	/* An empty queue: producers need not wait for the watermark. */
	if (!native && direction == POP)
		eventcount_flush(&channel->not_full);
	if (at_once)
		wait_begin_asleep(wait);
	else
		waitclock_start(wait->clock);
}

/*
 * How much longer this thread expects a thread that can end its wait and that
 * was woken lately; at most 0: no such thread.
 *
 * Without this, two threads can keep each other asleep. A consumer drains a
 * full queue, wakes the producer, and sleeps before the producer runs. The
 * producer wakes the consumer, fills the queue, and sleeps before the consumer
 * runs. So each filling of the queue costs two wake-ups, as long as this lasts.
 */
static int64_t wait_woken_left_ns(const struct wait *wait, int64_t now_ns)
{
	const struct channel *channel = wait->sleeper.channel;
	const struct eventcount *other = wait->sleeper.direction == POP
						 ? &channel->not_full
						 : &channel->not_empty;

	return ringbench_load_relaxed(&other->woken_ns) + WAIT_WOKEN_NS -
	       now_ns;
}

/* The head ends. Returns whether the tail begins. */
static bool wait_begin_tail(struct wait *wait)
{
	int64_t limit_ns = wait->me->wait_ns, now_ns;

	waitclock_tail(wait->clock);
	now_ns = wait->clock->start_ns;
	if (wait->kind == WAIT_BLOCK || wait->kind == WAIT_TIMEOUT ||
	    (wait->kind == WAIT_ADAPTIVE &&
	     !adaptive_spins(wait_gaps(wait), limit_ns)))
		limit_ns = wait_woken_left_ns(wait, now_ns);
	if (limit_ns <= 0)
		return false;
	wait->state = WAIT_TAIL;
	wait->give_up_ns = now_ns + limit_ns;
	return true;
}

/*
 * The head or the tail ends; `done` says whether by success. The head is the
 * same whatever adaptive decides, so nothing is learnt from it.
 */
static void wait_end_busy(struct wait *wait, bool done)
{
	if (wait->kind == WAIT_ADAPTIVE && wait->state == WAIT_TAIL)
		adaptive_learn(wait_gaps(wait), wait->me->wait_ns,
			       done ? ringbench_now_ns() - wait->clock->start_ns
				    : RINGBENCH_NEVER);
	waitclock_stop(wait->clock, wait->tries);
}

/* Whether one more try belongs to the head or to the tail. */
static inline bool busy_goes_on(struct wait *wait)
{
	if (wait->tries == WAITCLOCK_HEAD_TRIES)
		return wait_begin_tail(wait);
	return wait->state == WAIT_HEAD || wait->tries % 64 != 0 ||
	       ringbench_now_ns() < wait->give_up_ns;
}

/*
 * Waits until the next try. Returns false if the run has ended, or if the queue
 * must sleep by itself (WAIT_ASLEEP and native).
 */
static RINGBENCH_RARE bool wait_next(struct wait *wait)
{
	struct worker *me = wait->me;

	if (wait->state != WAIT_ASLEEP) {
		if (ringbench_load_relaxed(me->stop))
			return false;
		ringbench_pause();
		if (busy_goes_on(wait)) {
			wait->tries++;
			return true;
		}
		wait_end_busy(wait, false);
		wait_begin_asleep(wait);
	}
	if (wait->native)
		return false;
	while (!sleeper_next(&wait->sleeper)) {
		if (!wait->sleeper.timed_out ||
		    ringbench_load_relaxed(me->stop))
			return false;
		me->timeouts++;
		wait->tries++;
		wait_sleeps(wait);
	}
	return true;
}

/*
 * Learns from a sleep. The wait ended when another thread woke this thread, and
 * not when this thread ran again.
 */
static void wait_learn(const struct wait *wait)
{
	const struct worker *me = wait->me;
	int64_t end_ns = ringbench_load_relaxed(
		&wait->sleeper.changed->woken_ns);

	if (end_ns < wait->clock->start_ns)
		end_ns = ringbench_now_ns();
	adaptive_learn(wait_gaps(wait), me->wait_ns,
		       end_ns - wait->clock->start_ns);
}

/* The wait is over. */
static RINGBENCH_RARE void wait_end(struct wait *wait, bool done)
{
	if (wait->state != WAIT_ASLEEP) {
		wait_end_busy(wait, done);
		return;
	}
	if (wait->kind == WAIT_ADAPTIVE &&
	    !adaptive_spins(wait_gaps(wait), wait->me->wait_ns))
		wait_learn(wait);
	waitclock_stop(wait->clock, wait->tries);
}

#ifdef __cplusplus
}
#endif

#endif
