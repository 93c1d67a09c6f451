/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An eventcount: threads sleep until a lock-free structure has changed. While
 * no thread sleeps, a change costs one fence and one load more. C11 and C++11.
 *
 *	waiter					notifier
 *	key = eventcount_prepare(ec);		change the structure
 *	if (the operation succeeds now)		eventcount_notify(ec);
 *		return;
 *	eventcount_wait(ec, key, deadline);
 *	start again
 *
 * Zeroed memory is an eventcount that nobody waits for.
 *
 * Why no wake-up is lost. Four steps matter:
 *
 *	waiter		W: store sleepers = 1	R: try the operation
 *	notifier	P: publish the change	L: load sleepers
 *
 * 1. A fence stands between W and R, and another fence between P and L. Then R
 *    sees P, or L sees W, or both (the store-buffering test; C11 7.17.3). With
 *    acquire and release only, both could miss, on x86 too, since each store
 *    may still be in its processor's store buffer.
 * 2. If R sees P, the waiter does not sleep. Otherwise L sees W, and the
 *    notifier adds 1 to the epoch with release. The waiter has loaded the epoch
 *    with acquire, as its key.
 *    - If the key is the new epoch, that load pairs with the addition. Then R
 *      sees P.
 *    - If the key is the old epoch, the kernel compares key and epoch under its
 *      own lock. Either they differ and the waiter returns at once, or the
 *      waiter sleeps already and the notifier's system call wakes it.
 * 3. The notifier clears `sleepers` before it adds to the epoch. In the other
 *    order it could clear the W of a waiter whose key is the new epoch, and no
 *    later notifier would know of that waiter.
 * 4. Every sleeper is woken. Waking a single one is not enough: it may leave
 *    because of its deadline, and a queue whose "empty" is not exact would then
 *    keep a message that nobody pops. A thread that still finds nothing sets
 *    `sleepers` again. So each sleep costs the notifiers one system call, also
 *    when many changes come before the sleeper runs.
 *
 * Progress: eventcount_wait() is blocking, which is its purpose.
 * eventcount_notify() is wait-free apart from its system call. A notifier that
 * is suspended between its exchange and its addition delays the wake-up of the
 * threads that sleep, until it runs again.
 *
 * Sources: Reed and Kanodia, "Synchronization with eventcounts and sequencers",
 * 1979; the eventcounts of Vyukov and of folly. Those count their waiters or
 * add to the epoch at each notification; the flag here does neither.
 */
#ifndef EVENTCOUNT_H
#define EVENTCOUNT_H

#include "ringbench_atomics.h"
#include "ringbench_futex.h"

struct eventcount {
	uint32_t epoch;	   /* the futex; rises whenever sleepers are woken */
	uint32_t sleepers; /* 1: a thread sleeps or is about to sleep */
} RINGBENCH_ALIGNED;

/* Wakes all waiters. Call it after the change has been published. */
static RINGBENCH_INLINE void eventcount_notify(struct eventcount *ec)
{
	ringbench_fence(); /* between P and L; pairs with that in prepare */
	if (RINGBENCH_LIKELY(ringbench_load_relaxed(&ec->sleepers) == 0))
		return;
	if (ringbench_exchange_acq_rel(&ec->sleepers, 0U) == 0)
		return; /* another notifier wakes them */
	/* Pairs with the load of the key. */
	ringbench_fetch_add_release(&ec->epoch, 1U);
	ringbench_futex_wake_all(&ec->epoch);
}

/* Wakes all waiters without looking for any: for closing a queue. */
static inline void eventcount_wake_all(struct eventcount *ec)
{
	ringbench_fetch_add_release(&ec->epoch, 1U);
	ringbench_futex_wake_all(&ec->epoch);
}

/*
 * Announces that this thread is about to sleep, and returns the key for
 * eventcount_wait(). Try the operation once more in between.
 */
static inline uint32_t eventcount_prepare(struct eventcount *ec)
{
	uint32_t key = ringbench_load_acquire(&ec->epoch);

	ringbench_store_relaxed(&ec->sleepers, 1U);
	ringbench_fence(); /* between W and R; pairs with that in notify */
	return key;
}

/*
 * Sleeps until a notification that came after the key was taken, or until
 * deadline_ns on CLOCK_MONOTONIC (RINGBENCH_NEVER: no deadline). Returns
 * -ETIMEDOUT, or 0: then try again, since a wake-up may come without reason.
 *
 * The clock is read after every return of the system call. While the epoch
 * keeps changing, the kernel reports that change and never the deadline.
 */
static inline int eventcount_wait(struct eventcount *ec, uint32_t key,
				  int64_t deadline_ns)
{
	int error = ringbench_futex_wait(&ec->epoch, key, deadline_ns);

	if (error == -ETIMEDOUT)
		return -ETIMEDOUT;
	if (deadline_ns != RINGBENCH_NEVER && ringbench_now_ns() >= deadline_ns)
		return -ETIMEDOUT;
	return 0;
}

#endif
