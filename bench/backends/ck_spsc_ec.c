/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LDLIBS: -l:libck.a
 *
 * Concurrency Kit's ring for one producer and one consumer with two of its
 * event counts (ck_ec.h), used as their author describes: each push and each
 * pop adds 1 to a counter, and a thread waits until the counter changes. One
 * bit of the counter says that a thread sleeps. Each counter has one
 * incrementer, which needs no locked instruction on x86. A thread reads the
 * other thread's counter only after a failed try: a read for each message would
 * transfer the counter's cache line for each message.
 *
 * A wait looks about 100 times and then sleeps. The increment without lock can
 * overwrite the bit of the sleeper. So the first sleep ends after 2 ms, the
 * next one after 16 ms, and so on, until the bit is known to be visible.
 */
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#include <ck_ec.h>

#include "ck_common.h"
#include "ringbench_clock.h"
#include "ringbench_futex.h"

static int64_t ns_of(const struct timespec *time)
{
	if (!time || time->tv_sec >= INT64_MAX / RINGBENCH_NS_PER_S)
		return RINGBENCH_NEVER;
	return time->tv_sec * RINGBENCH_NS_PER_S + time->tv_nsec;
}

static int ec_gettime(const struct ck_ec_ops *ops, struct timespec *now)
{
	(void)ops;
	return clock_gettime(CLOCK_MONOTONIC, now);
}

static void ec_wait(const struct ck_ec_wait_state *state, const uint32_t *word,
		    uint32_t expected, const struct timespec *deadline)
{
	(void)state;
	ringbench_futex_wait((uint32_t *)(uintptr_t)word, expected,
			     ns_of(deadline));
}

static void ec_wake(const struct ck_ec_ops *ops, const uint32_t *word)
{
	(void)ops;
	ringbench_futex_wake_all((uint32_t *)(uintptr_t)word);
}

static const struct ck_ec_ops ec_ops = {
	.gettime = ec_gettime,
	.wait32 = ec_wait,
	.wake32 = ec_wake,
};
static const struct ck_ec_mode one_incrementer = { &ec_ops, true };
static const struct ck_ec_mode any_incrementer = { &ec_ops, false };

/*
 * This thread is not the incrementer of either counter. The incrementer can
 * overwrite the addition, but then it adds 1 itself, so the counter differs
 * from what a waiter has seen.
 */
static void queue_close(struct queue *q)
{
	ringbench_store_release(&q->closed, 1U);
	ck_ec_inc(&q->not_empty, &any_incrementer);
	ck_ec_inc(&q->not_full, &any_incrementer);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;

	if (!ck_ring_enqueue_spsc(&q->ring, q->slots, (void *)(uintptr_t)word))
		return false;
	ck_ec_inc(&q->not_empty, &one_incrementer);
	return true;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;

	if (!ck_ring_dequeue_spsc(&q->ring, q->slots, (void *)word))
		return false;
	ck_ec_inc(&q->not_full, &one_incrementer);
	return true;
}

/* Waits until the counter is no longer `seen`. False: the deadline passed. */
static inline bool changes(struct ck_ec32 *counter, uint32_t seen,
			   int64_t deadline_ns)
{
	struct timespec deadline;

	if (deadline_ns == RINGBENCH_NEVER)
		return ck_ec_wait(counter, &one_incrementer, seen, NULL) == 0;
	deadline = ringbench_timespec(deadline_ns > 0 ? deadline_ns : 0);
	return ck_ec_wait(counter, &one_incrementer, seen, &deadline) == 0;
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	struct queue *q = port->queue;
	bool in_time = true;

	if (ringbench_load_acquire(&q->closed))
		return QUEUE_CLOSED;
	if (queue_try_push(port, word))
		return QUEUE_OK;
	for (;;) {
		uint32_t seen = ck_ec_value(&q->not_full);

		if (ringbench_load_acquire(&q->closed))
			return QUEUE_CLOSED;
		if (queue_try_push(port, word))
			return QUEUE_OK;
		if (!in_time)
			return QUEUE_TIMEOUT;
		waitclock_sleeps(clock);
		in_time = changes(&q->not_full, seen, deadline_ns);
	}
}

/* A closed queue is drained first, so `closed` is loaded before the try. */
QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	struct queue *q = port->queue;
	bool in_time = true;

	if (queue_try_pop(port, word))
		return QUEUE_OK;
	for (;;) {
		uint32_t seen = ck_ec_value(&q->not_empty);
		bool closed = ringbench_load_acquire(&q->closed) != 0;

		if (queue_try_pop(port, word))
			return QUEUE_OK;
		if (closed)
			return QUEUE_CLOSED;
		if (!in_time)
			return QUEUE_TIMEOUT;
		waitclock_sleeps(clock);
		in_time = changes(&q->not_empty, seen, deadline_ns);
	}
}

#include "workers.h"

EXPORT_BACKEND(ck_spsc_ec, "Concurrency Kit ring with event counts", 0,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)
