/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An eventcount: lets threads sleep until a lock-free structure has changed,
 * and costs the changing side one fence and one load while nobody sleeps.
 *
 *	waiter					notifier
 *	key = eventcount_prepare(ec);		change the structure
 *	if (try again succeeds)			eventcount_notify(ec);
 *		return;
 *	eventcount_wait(ec, key, deadline);
 *	start over
 *
 * Why no wake-up is lost. Let W be the waiter's store sleepers = 1, R its try
 * after that, P the notifier's change, and L its load of sleepers.
 *
 * 1. W is before R and P is before L, and a fence stands between either pair.
 *    A StoreLoad fence on both sides means that R sees P or L sees W, or both
 *    (the store-buffering shape; C11 7.17.3). Acquire and release alone allow
 *    neither to see the other, on x86 too: stores wait in the store buffer.
 * 2. If R sees P, the waiter does not sleep. Otherwise L sees W and the
 *    notifier adds 1 to the epoch, with release. If the waiter's load of the
 *    epoch (its key, with acquire) comes after that, it pairs with it, so the
 *    change is visible to R: case 1. If it comes before, the key is old, and
 *    the kernel compares key and epoch under its own lock: the waiter returns
 *    at once, or it already sleeps and is woken.
 * 3. The notifier clears sleepers before it adds to the epoch, never after:
 *    the other order could wipe out a W whose key is already the new epoch,
 *    and that waiter would sleep with nobody told.
 * 4. All sleepers are woken, since one wake-up may reach a thread that leaves
 *    for another reason, and because a queue whose "empty" is not exact can
 *    strand an item behind a single wake-up. Who still finds nothing sets
 *    sleepers again. So a sleep costs its notifiers one system call, not one
 *    for each change until the sleeper runs.
 *
 * Progress: waiting is blocking, as it is meant to be. Notifying is wait-free
 * except for the system call; a notifier that is stalled between the exchange
 * and the addition delays the wake-up of those who sleep, until it runs again.
 *
 * Sources: Vyukov's and folly's eventcounts for the idea (they count waiters
 * or add to the epoch on each notification; the flag here does neither);
 * Reed and Kanodia, "Synchronization with eventcounts and sequencers", 1979.
 */
#ifndef EVENTCOUNT_H
#define EVENTCOUNT_H

#include "ringbench_atomics.h"
#include "ringbench_futex.h"

struct eventcount {
	uint32_t epoch;	   /* the futex; changes whenever sleepers are woken */
	uint32_t sleepers; /* 1: somebody sleeps or is about to */
} RINGBENCH_ALIGNED;

/* Call after the change is published. Wakes who waits for it. */
static RINGBENCH_INLINE void eventcount_notify(struct eventcount *ec)
{
	ringbench_fence(); /* P before L; pairs with the fence in prepare */
	if (RINGBENCH_LIKELY(ringbench_load_relaxed(&ec->sleepers) == 0))
		return;
	if (ringbench_exchange_acq_rel(&ec->sleepers, 0) == 0)
		return; /* another notifier is waking them */
	ringbench_fetch_add_release(&ec->epoch,
				    1); /* pairs with the key's acquire */
	ringbench_futex_wake_all(&ec->epoch);
}

/* Wakes everybody for good reason: a close that no sleeper may miss. */
static inline void eventcount_wake_all(struct eventcount *ec)
{
	ringbench_fetch_add_release(&ec->epoch, 1);
	ringbench_futex_wake_all(&ec->epoch);
}

/* Announces a sleep. Try once more before eventcount_wait(). */
static inline uint32_t eventcount_prepare(struct eventcount *ec)
{
	uint32_t key = ringbench_load_acquire(&ec->epoch);

	ringbench_store_relaxed(&ec->sleepers, 1);
	ringbench_fence(); /* W before R; pairs with the fence in notify */
	return key;
}

/*
 * Sleeps until notified after the key was taken, or until deadline_ns on
 * CLOCK_MONOTONIC. Returns 0 (look again: perhaps woken for nothing) or
 * -ETIMEDOUT. The clock is asked after each return for another reason: with
 * the epoch changing all the time the kernel would never report the deadline.
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
