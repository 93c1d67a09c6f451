/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for any ring: push_wait and pop_wait with deadlines, close, and the
 * end of the stream. C11 and C++11, gcc and clang.
 *
 *	#include <stdio.h>
 *	#include "spsc_ring.h"
 *	#include "waitable.h"
 *	WAITABLE_WORDS(spsc, struct spsc_producer, struct spsc_consumer)
 *
 *	static struct spsc_ring ring;
 *	static struct waitable waitable;
 *	struct spsc_producer producer;
 *	struct spsc_consumer consumer;
 *
 *	if (spsc_ring_init(&ring, 1000))
 *		return 1;
 *	waitable_init(&waitable, 1000);
 *	spsc_producer_open(&producer, &ring);	(in the producer's thread)
 *	spsc_push_wait(&waitable, &producer, 42, RINGBENCH_NEVER);
 *	waitable_close(&waitable);		(after the last message)
 *	spsc_consumer_open(&consumer, &ring);	(in the consumer's thread)
 *	while (spsc_pop_wait(&waitable, &consumer, &word, RINGBENCH_NEVER) == 0)
 *		printf("%d\n", (int)word);
 *	spsc_ring_free(&ring);
 *
 * WAITABLE_WORDS(name, producer's end, consumer's end) is WAITABLE_RING() for
 * messages of type uint64_t, which all rings of this folder have.
 * WAITABLE_RING(name, producer's end, consumer's end, message) defines
 * name_push_wait() and name_pop_wait() for a ring that has
 *	bool name_push(producer's end *, message);	false: the ring is full
 *	bool name_pop(consumer's end *, message *);	false: the ring is empty
 * Both return 0; -ETIMEDOUT if the deadline (CLOCK_MONOTONIC, ns; see
 * ringbench_clock.h) passed and a last try failed; or -EPIPE. Deadline 0 means
 * one try. A push returns -EPIPE after the ring has been closed. A pop returns
 * -EPIPE at the end of the stream: the ring is closed and empty.
 *
 * All threads of a ring use these two functions, and no plain push or pop, so
 * that sleepers are woken. name_pop() must see each message whose push is
 * complete, and name_push() each free slot. In some rings a push that is not
 * complete hides later messages. Then a consumer may sleep until that push is
 * complete; the notification of the push wakes the consumer.
 *
 * Close the ring when no push is under way: the only producer closes it, or the
 * thread that has joined the producers. A push that overlaps the close may
 * return 0 although nobody pops the message. A consumer that wants no more
 * messages may close the ring, too. Then it must itself pop the messages that
 * are left in the ring, also those of pushes that overlap the close.
 *
 * A wait has three parts.
 * 1. WAITABLE_TRIES tries, a pause after each: about 1 us. In a busy stream
 *    most waits end here, without a clock read. A sleep costs several
 *    microseconds on both sides, so these tries cost little compared with a
 *    sleep.
 * 2. Busy waiting up to price_ns, if adaptive.h finds that it pays.
 * 3. Sleeping, by eventcount.h. There is one eventcount for "not empty" and one
 *    for "not full", so that a push does not wake producers and a pop does not
 *    wake consumers.
 * Producers that sleep on a full ring are woken when half of the ring was
 * popped, by the watermark of eventcount.h. A consumer that finds the ring
 * empty wakes these producers earlier. With a price of 0, as on a single CPU, a
 * wait has only the third part.
 *
 * Why it is correct. The proof in eventcount.h shows that no wake-up is lost.
 * Its step R is here the try of a thread after eventcount_prepare(), and its
 * step P is the push or pop of the other thread. The end of the stream:
 * waitable_close() stores `closed` with release, after all pushes. A consumer
 * loads `closed` with acquire and then tries once more, so this last try finds
 * each message that is left. With weaker memory orders, or with the try before
 * the load, the last messages could be lost. The close then adds to both epochs
 * without a condition. A waiter loads the epoch before `closed`: if it misses
 * the close, its key is old, and it does not sleep.
 *
 * Progress: a push or pop that does not wait has the progress class of the
 * ring's push or pop. In addition, a push loads `closed` and the state of the
 * eventcount; a pop loads only the state of the eventcount. A wait is blocking,
 * which is its purpose.
 */
#ifndef WAITABLE_H
#define WAITABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "adaptive.h"
#include "eventcount.h"

enum {
	WAITABLE_TRIES = 64,
	WAITABLE_MASK_BYTES = 1024, /* 8,192 CPUs */
};

/*
 * The length of a wait for which spinning costs as much as sleeping. A wake-up
 * on another CPU takes 3 to 50 us, and the CPU time of a sleep is of similar
 * size.
 */
#define WAITABLE_PRICE_NS (50 * RINGBENCH_NS_PER_US)

/* What one side waits for. */
struct waitable_side {
	struct eventcount changed;
	struct adaptive gaps;
};

struct waitable {
	struct waitable_side not_empty;
	struct waitable_side not_full;
	/* Written once, so each CPU can keep the cache line of `closed`. */
	uint32_t closed RINGBENCH_ALIGNED;
	int64_t price_ns; /* may be changed after waitable_init() */
};

/* One wait of one thread. */
struct waitable_wait {
	struct waitable *waitable;
	struct waitable_side *side;
	int64_t deadline_ns;
	int64_t start_ns; /* begin of part 2; 0: not begun */
	int64_t nap_ns;
	uint32_t tries;
	uint32_t key;
	bool prepared; /* the key is valid */
	bool sleeps;   /* part 3 has begun */
};

/* Whether this thread may use one CPU only. On one CPU, spinning only delays
 * the thread that would end the wait. */
static inline bool waitable_has_one_cpu(void)
{
	uint8_t mask[WAITABLE_MASK_BYTES];
	long bytes = ringbench_syscall(SYS_sched_getaffinity, 0,
				       RINGBENCH_CAST(long, sizeof(mask)),
				       mask);
	int cpus = 0;

	for (long i = 0; i < bytes; i++)
		cpus += __builtin_popcount(mask[i]);
	return cpus == 1;
}

/*
 * Prepares waiting for a ring of `capacity` messages; 0: it is never full. Call
 * this function before the threads start, because it reads the CPU affinity of
 * the calling thread. The struct must be aligned; see spsc_ring_init().
 */
static inline void waitable_init(struct waitable *w, size_t capacity)
{
	memset(w, 0, sizeof(*w));
	eventcount_init(&w->not_empty.changed, 0);
	eventcount_init(&w->not_full.changed, eventcount_half(capacity));
	w->price_ns = waitable_has_one_cpu() ? 0 : WAITABLE_PRICE_NS;
}

/* Closes the ring: ends all waits of the present, and later waits end at once.
 */
static inline void waitable_close(struct waitable *w)
{
	ringbench_store_release(&w->closed, 1U);
	eventcount_wake_all(&w->not_empty.changed);
	eventcount_wake_all(&w->not_full.changed);
}

/* Begins a wait. The caller's first try of a push or pop has failed. */
static inline void waitable_begin(struct waitable_wait *wait,
				  struct waitable *w,
				  struct waitable_side *side,
				  int64_t deadline_ns)
{
	memset(wait, 0, sizeof(*wait));
	wait->waitable = w;
	wait->side = side;
	wait->deadline_ns = deadline_ns;
	if (side == &w->not_empty)
		eventcount_flush(&w->not_full.changed);
}

/*
 * Waits for the next try. Returns 0, or an error for which the next try is the
 * last one.
 */
static RINGBENCH_RARE int waitable_next(struct waitable_wait *wait)
{
	struct waitable *w = wait->waitable;
	struct eventcount *changed = &wait->side->changed;
	int error;

	if (wait->deadline_ns <= 0)
		return -ETIMEDOUT;
	if (wait->prepared) {
		error = eventcount_nap(changed, wait->key, wait->deadline_ns,
				       &wait->nap_ns);
		wait->prepared = false;
		if (error)
			return error;
		return ringbench_load_acquire(&w->closed) ? -EPIPE : 0;
	}
	if (!wait->sleeps && w->price_ns > 0) {
		int64_t now_ns;

		ringbench_pause();
		if (ringbench_load_acquire(&w->closed))
			return -EPIPE;
		if (++wait->tries % WAITABLE_TRIES != 0)
			return 0;
		now_ns = ringbench_now_ns();
		if (now_ns >= wait->deadline_ns)
			return -ETIMEDOUT;
		if (wait->start_ns == 0)
			wait->start_ns = now_ns;
		if (now_ns - wait->start_ns < w->price_ns &&
		    adaptive_spins(&wait->side->gaps, w->price_ns))
			return 0;
		wait->sleeps = true;
	}
	wait->key = eventcount_prepare(changed);
	wait->prepared = true;
	return ringbench_load_acquire(&w->closed) ? -EPIPE : 0;
}

/* Ends a wait: learns from its length. */
static RINGBENCH_RARE void waitable_end(struct waitable_wait *wait)
{
	int64_t end_ns;

	if (wait->start_ns == 0)
		return;
	end_ns = ringbench_load_relaxed(&wait->side->changed.woken_ns);
	if (!wait->sleeps || end_ns < wait->start_ns)
		end_ns = ringbench_now_ns();
	adaptive_learn(&wait->side->gaps, wait->waitable->price_ns,
		       end_ns - wait->start_ns);
}

/*
 * The tries are inlined and the waiting is not, so that the compiler can keep
 * the producer's or consumer's end of the ring in registers.
 */
#define WAITABLE_RING(name, producer, consumer, message)                      \
	static RINGBENCH_INLINE int name##_push_wait(                         \
		struct waitable *w, producer *end, message value,             \
		int64_t deadline_ns)                                          \
	{                                                                     \
		if (RINGBENCH_UNLIKELY(ringbench_load_acquire(&w->closed)))   \
			return -EPIPE;                                        \
		if (RINGBENCH_UNLIKELY(!name##_push(end, value))) {           \
			struct waitable_wait wait;                            \
			int error = 0;                                        \
			bool done = false;                                    \
                                                                              \
			waitable_begin(&wait, w, &w->not_full, deadline_ns);  \
			while (!done && !error) {                             \
				error = waitable_next(&wait);                 \
				done = error != -EPIPE &&                     \
				       name##_push(end, value);               \
			}                                                     \
			waitable_end(&wait);                                  \
			if (!done)                                            \
				return error;                                 \
		}                                                             \
		eventcount_notify(&w->not_empty.changed);                     \
		return 0;                                                     \
	}                                                                     \
                                                                              \
	static RINGBENCH_INLINE int name##_pop_wait(                          \
		struct waitable *w, consumer *end, message *value,            \
		int64_t deadline_ns)                                          \
	{                                                                     \
		if (RINGBENCH_UNLIKELY(!name##_pop(end, value))) {            \
			struct waitable_wait wait;                            \
			int error = 0;                                        \
			bool done = false;                                    \
                                                                              \
			waitable_begin(&wait, w, &w->not_empty, deadline_ns); \
			while (!done && !error) {                             \
				error = waitable_next(&wait);                 \
				done = name##_pop(end, value);                \
			}                                                     \
			waitable_end(&wait);                                  \
			if (!done)                                            \
				return error;                                 \
		}                                                             \
		eventcount_notify(&w->not_full.changed);                      \
		return 0;                                                     \
	}

#define WAITABLE_WORDS(name, producer, consumer) \
	WAITABLE_RING(name, producer, consumer, uint64_t)

#endif
