/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An eventcount: threads sleep until a lock-free structure has changed. While
 * no thread sleeps, a change costs one load more. C11 and C++11.
 *
 *	waiter					notifier
 *	key = eventcount_prepare(ec);		change the structure
 *	if (the operation succeeds now)		eventcount_notify(ec);
 *		return;
 *	eventcount_wait(ec, key, deadline);
 *	start again
 *
 * Zeroed memory is an eventcount that nobody waits for. waitable.h combines two
 * eventcounts with a ring.
 *
 * Why no wake-up is lost. Four steps matter:
 *
 *	waiter		W: set SLEEPING		R: try the operation
 *	notifier	P: publish the change	L: load the state
 *
 * 1. A fence stands between W and R, and another fence between P and L. Then R
 *    sees P, or L sees W, or both (the store-buffering test; C11 7.17.3). With
 *    acquire and release only, both could miss, on x86 too, since each store
 *    may still be in its processor's store buffer. Who executes the notifier's
 *    fence is the subject of the next section.
 * 2. If R sees P, the waiter does not sleep. Otherwise L sees W, and the
 *    notifier adds 1 to the epoch with release. The waiter has loaded the epoch
 *    with acquire, as its key.
 *    - If the key is the new epoch, that load pairs with the addition. Then R
 *      sees P.
 *    - If the key is the old epoch, the kernel compares key and epoch under its
 *      own lock. Either they differ and the waiter returns at once, or the
 *      waiter sleeps already and the notifier's system call wakes it.
 * 3. The notifier clears SLEEPING before it adds to the epoch. In the other
 *    order it could clear the W of a waiter whose key is the new epoch, and no
 *    later notifier would know of that waiter.
 * 4. Every sleeper is woken. Waking one sleeper is not enough: it may leave
 *    because of its deadline, and a queue whose "empty" is not exact would then
 *    keep a message that nobody pops. A thread that still finds nothing sets
 *    SLEEPING again. So each sleep costs the notifiers one system call, also
 *    when many changes come before the sleeper runs.
 *
 * The notifier's fence. A fence takes as long as several operations of a fast
 * ring. So the waiter executes it for all threads, by membarrier(2), which
 * takes 1,000 times as long but only before a sleep. The state shows who does:
 *
 *	0		notifiers execute no fence
 *	FENCING		notifiers that see it execute fences
 *	FENCING, FENCED	all notifiers see FENCING
 *
 * 5. A waiter that finds no FENCED sets SLEEPING and FENCING in one step and
 *    then calls membarrier. A notifier that loaded 0 before membarrier has
 *    published before it, so R sees P. A notifier that loads after membarrier
 *    sees W, or that W was cleared, and then 2 holds for the thread that
 *    cleared it.
 * 6. The waiter that set FENCING sets FENCED after its membarrier. From then on
 *    a load of 0 is impossible until FENCING is cleared, so every notifier has
 *    a fence of its own, and waiters need only a fence, too.
 * 7. A notifier clears FENCING and FENCED after EVENTCOUNT_QUIET notifications
 *    without a sleeper. It does so in one compare-and-swap that fails if
 *    SLEEPING is set. A waiter whose W comes later finds no FENCED, and 5
 *    holds. A waiter whose W comes earlier makes the swap fail, or its SLEEPING
 *    was cleared by a notifier that wakes it. FENCED is set only by the waiter
 *    that set FENCING, and the swap needs FENCED, so FENCED never survives
 *    from an earlier time.
 * 8. If the kernel or a sandbox refuses membarrier, FENCED remains set for ever
 *    (REFUSED). eventcount_init() finds that out before any notifier runs.
 *    Otherwise the first waiter finds it out. It sets FENCING and REFUSED, so
 *    that 7 cannot clear them, and sleeps for EVENTCOUNT_GRACE_NS instead of
 *    calling membarrier: by then each processor has emptied the store buffer of
 *    a notifier that loaded 0 before.
 *
 * EVENTCOUNT_QUIET fences take about as long as one membarrier. So fences and
 * membarriers together cost at most twice as much as the better of the two
 * (Karlin, Manasse, Rudolph, Sleator, "Competitive snoopy caching", 1988).
 *
 * The watermark. Waking a thread costs a system call and a context switch. A
 * producer that is woken for each free slot of a full ring pays both for each
 * message. With a watermark of n, eventcount_notify() wakes the sleepers at the
 * n-th change since the last wake-up. So n - 1 changes can remain unannounced.
 * 9. A sleeper does not depend on another change: a thread calls
 *    eventcount_flush() before it sleeps itself, and a waiter at an eventcount
 *    with a watermark sleeps at most EVENTCOUNT_NAP_NS, then twice as long, and
 *    so on. So a waiter whose last wake-up is held back waits at most that time
 *    or twice as long as necessary, also if the notifier never comes back.
 *
 * Progress: eventcount_wait() is blocking, which is its purpose.
 * eventcount_notify() is lock-free: it has no loop, but clearing a bit is a
 * loop on some processors. A notifier that is suspended between clearing
 * SLEEPING and its addition delays the wake-up of the threads that sleep, until
 * it runs again.
 *
 * Sources: Reed and Kanodia, "Synchronization with eventcounts and sequencers",
 * 1979; the eventcounts of Vyukov and of folly, which count their waiters or
 * add to the epoch at each notification. This eventcount has a flag instead.
 * The asymmetric fence: Dice, Huang, Yang, "Asymmetric Dekker
 * synchronization", 2001; membarrier: Desnoyers, liburcu.
 */
#ifndef EVENTCOUNT_H
#define EVENTCOUNT_H

#include <stdbool.h>
#include <string.h>

#include "ringbench_atomics.h"
#include "ringbench_futex.h"
#include "ringbench_membarrier.h"

enum {
	EVENTCOUNT_SLEEPING = 1, /* a thread sleeps or is about to sleep */
	EVENTCOUNT_FENCING = 2,
	EVENTCOUNT_FENCED = 4,
	EVENTCOUNT_REFUSED = 8,
	EVENTCOUNT_HELD_MAX = 4096,
};

#ifndef EVENTCOUNT_QUIET /* tests change it */
#define EVENTCOUNT_QUIET 2048
#endif
#define EVENTCOUNT_GRACE_NS (10 * RINGBENCH_NS_PER_MS)
#define EVENTCOUNT_NAP_NS   RINGBENCH_NS_PER_MS

struct eventcount {
	uint32_t epoch;	    /* the futex; rises whenever sleepers are woken */
	uint32_t state;	    /* see above */
	uint32_t quiet;	    /* notifications since the last sleeper */
	uint32_t held;	    /* changes that were not announced */
	uint32_t watermark; /* 0 and 1: announce each change */
	/* Time of the last wake-up, for adaptive_learn(). */
	int64_t woken_ns;
} RINGBENCH_ALIGNED;

/*
 * Prepares membarrier and sets the watermark. Without it, the first waiter
 * prepares membarrier, which takes some 10 ms in a process with threads.
 */
static inline void eventcount_init(struct eventcount *ec, uint32_t watermark)
{
	memset(ec, 0, sizeof(*ec));
	ec->watermark = watermark;
	if (ringbench_membarrier_register() != 0 ||
	    ringbench_membarrier_all_threads() != 0)
		ec->state = EVENTCOUNT_FENCING | EVENTCOUNT_FENCED |
			    EVENTCOUNT_REFUSED; /* see 8 */
}

/* The watermark for producers of a queue: half of it, but not too many. */
static inline uint32_t eventcount_half(size_t capacity)
{
	if (capacity / 2 >= EVENTCOUNT_HELD_MAX)
		return EVENTCOUNT_HELD_MAX;
	return RINGBENCH_CAST(uint32_t, capacity / 2);
}

/* Wakes all waiters without looking for any: for closing a queue. */
static inline void eventcount_wake_all(struct eventcount *ec)
{
	/* The waiter loads the time after the epoch. */
	ringbench_store_relaxed(&ec->woken_ns, ringbench_now_ns());
	/* Pairs with the load of the key. */
	ringbench_fetch_add_release(&ec->epoch, 1U);
	ringbench_futex_wake_all(&ec->epoch);
}

/* Wakes the sleepers, if there are any. */
static inline void eventcount_wake(struct eventcount *ec)
{
	const uint32_t sleeping = EVENTCOUNT_SLEEPING;

	ringbench_store_relaxed(&ec->quiet, 0U);
	ringbench_store_relaxed(&ec->held, 0U);
	/* One tested bit: gcc and clang make it one instruction on x86. */
	if ((__atomic_fetch_and(&ec->state, ~sleeping, __ATOMIC_ACQ_REL) &
	     sleeping) == 0)
		return; /* another notifier wakes them */
	RINGBENCH_TEST_DELAY();
	eventcount_wake_all(ec);
}

/*
 * Called if L loaded a state other than 0. `announce`: wakes the sleepers even
 * before the watermark.
 */
static RINGBENCH_RARE void eventcount_notify_slowly(struct eventcount *ec,
						    bool announce)
{
	uint32_t state, count;

	ringbench_fence(); /* between P and L; pairs with that in prepare */
	state = ringbench_load_relaxed(&ec->state);
	if (state & EVENTCOUNT_SLEEPING) {
		if (!announce && ec->watermark > 1 &&
		    __atomic_fetch_add(&ec->held, 1U, __ATOMIC_RELAXED) + 1 <
			    ec->watermark)
			return;
		eventcount_wake(ec);
		return;
	}
	/* Other notifiers may count at the same time. The number is rough. */
	count = ringbench_load_relaxed(&ec->quiet) + 1;
	if (state == (EVENTCOUNT_FENCING | EVENTCOUNT_FENCED) &&
	    count >= EVENTCOUNT_QUIET) {
		count = 0;
		__atomic_compare_exchange_n(&ec->state, &state, 0U, false,
					    __ATOMIC_ACQ_REL,
					    __ATOMIC_RELAXED); /* see 7 */
	}
	ringbench_store_relaxed(&ec->quiet, count);
}

/*
 * Wakes all waiters. With a watermark, only counts the change until the
 * watermark is reached. Call this function after the change has been published.
 */
static RINGBENCH_INLINE void eventcount_notify(struct eventcount *ec)
{
	/* For the compiler, and for membarrier: see 5. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	RINGBENCH_TEST_DELAY();
	if (RINGBENCH_UNLIKELY(ringbench_load_relaxed(&ec->state) != 0))
		eventcount_notify_slowly(ec, false);
}

/* Wakes all waiters if a watermark has held back their wake-up. */
static inline void eventcount_flush(struct eventcount *ec)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (ringbench_load_relaxed(&ec->state) != 0)
		eventcount_notify_slowly(ec, true);
}

/* Sets bits of the state. Returns the state before. */
static inline uint32_t eventcount_set(struct eventcount *ec, int bits)
{
	return __atomic_fetch_or(&ec->state, RINGBENCH_CAST(uint32_t, bits),
				 __ATOMIC_ACQ_REL);
}

/* A fence in all threads of the process. Returns 0 or -errno. */
static inline int eventcount_fence_all(void)
{
	int error = ringbench_membarrier_all_threads();

	if (error == -EPERM) { /* perhaps not registered */
		error = ringbench_membarrier_register();
		if (error == 0)
			error = ringbench_membarrier_all_threads();
	}
	return error;
}

/*
 * Announces that this thread is about to sleep, and returns the key for
 * eventcount_wait(). Try the operation once more in between.
 */
static inline uint32_t eventcount_prepare(struct eventcount *ec)
{
	uint32_t key = ringbench_load_acquire(&ec->epoch);
	uint32_t before = eventcount_set(ec, EVENTCOUNT_SLEEPING |
						     EVENTCOUNT_FENCING);

	ringbench_fence(); /* between W and R; pairs with that in notify */
	RINGBENCH_TEST_DELAY();
	if (before & EVENTCOUNT_FENCED)
		return key;
	if (eventcount_fence_all() != 0) { /* see 8 */
		eventcount_set(ec, EVENTCOUNT_FENCING | EVENTCOUNT_REFUSED);
		ringbench_sleep_until(ringbench_now_ns() + EVENTCOUNT_GRACE_NS);
	} else if (before & EVENTCOUNT_FENCING) {
		return key; /* another waiter sets FENCED: see 7 */
	}
	eventcount_set(ec, EVENTCOUNT_FENCED);
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

/*
 * The same, for an eventcount with a watermark. *nap_ns is 0 at the first sleep
 * of a wait; see 9.
 */
static inline int eventcount_nap(struct eventcount *ec, uint32_t key,
				 int64_t deadline_ns, int64_t *nap_ns)
{
	int64_t end_ns;

	if (ec->watermark <= 1)
		return eventcount_wait(ec, key, deadline_ns);
	*nap_ns = *nap_ns ? 2 * *nap_ns : EVENTCOUNT_NAP_NS;
	end_ns = ringbench_now_ns() + *nap_ns;
	if (end_ns >= deadline_ns)
		return eventcount_wait(ec, key, deadline_ns);
	eventcount_wait(ec, key, end_ns);
	return 0;
}

#endif
