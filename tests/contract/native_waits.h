/* SPDX-License-Identifier: BSD-2-Clause */
/* What the contract asks of waits that begin with the queue's own operation. */
#ifndef NATIVE_WAITS_H
#define NATIVE_WAITS_H

#include "fixture.h"

struct blocked_push {
	struct channel *channel;
	uint32_t stop;
	uint64_t pushed;
};

static void *push_until_closed(void *arg)
{
	struct blocked_push *side = (struct blocked_push *)arg;
	struct worker *me = (struct worker *)ringbench_alloc_lines(sizeof(*me));
	struct port port;
	uint64_t word = 1;

	me->stop = &side->stop;
	port_open(&port, (struct queue *)side->channel->queue);
	while (transfer(&port, side->channel, &word, me, PUSH, WAIT_BLOCK))
		ringbench_store_release(&side->pushed, word++);
	port_close(&port);
	free(me);
	return NULL;
}

static void close_wakes_a_thread_that_is_blocked_on_a_full_queue(void **state)
{
	struct blocked_push side = { 0 };
	struct crowd left = { 0 };
	struct fixture fixture;
	pthread_t pusher;

	(void)state;
	skip_floors();
	if (has(BACKEND_UNBOUNDED))
		skip();
	open_queue(&fixture, 8);
	side.channel = fixture.channel;
	assert_int_equal(
		pthread_create(&pusher, NULL, push_until_closed, &side), 0);
	while (ringbench_load_acquire(&side.pushed) < 8)
		sched_yield();
	/* It may or may not sleep by then: both must work. */
	for (int i = 0; i < 100; i++)
		sched_yield();
	ringbench_store_release(&side.stop, 1);
	BACKEND->close(fixture.channel);
	pthread_join(pusher, NULL);
	BACKEND->drain(fixture.channel, rest_of_crowd, &left);
	assert_int_equal(left.taken, side.pushed);
	close_queue(&fixture);
}

static void a_wait_that_ends_at_once_reads_no_clock(void **state)
{
#ifdef WAIT_AT_ONCE
	struct worker *me = (struct worker *)ringbench_alloc_lines(sizeof(*me));
	struct fixture fixture;
	uint64_t word = 1;

	(void)state;
	open_queue(&fixture, 4);
	assert_true(transfer(&fixture.port, fixture.channel, &word, me, PUSH,
			     WAIT_BLOCK));
	assert_true(transfer(&fixture.port, fixture.channel, &word, me, POP,
			     WAIT_BLOCK));
	assert_int_equal(me->empty.waits + me->full.waits, 0);
	assert_int_equal(me->empty.start_ns + me->full.start_ns, 0);
	assert_int_equal(me->empty.weight,
			 SLEEPS_UNSEEN ? WAITCLOCK_UNSEEN : 0);
	close_queue(&fixture);
	free(me);
#else
	(void)state;
	skip();
#endif
}

static void a_wait_that_sleeps_starts_the_clock(void **state)
{
#ifdef WAIT_AT_ONCE
	struct waitclock *clock;
	struct fixture fixture;
	uint64_t word;

	(void)state;
	if (SLEEPS_UNSEEN || has(BACKEND_NO_DEADLINE))
		skip();
	clock = (struct waitclock *)ringbench_alloc_lines(sizeof(*clock));
	open_queue(&fixture, 4);
	assert_int_equal(
		queue_pop_until(&fixture.port, &word,
				ringbench_now_ns() + RINGBENCH_NS_PER_MS,
				clock),
		QUEUE_TIMEOUT);
	assert_int_equal(clock->waits, 1);
	assert_true(clock->start_ns > 0);
	close_queue(&fixture);
	free(clock);
#else
	(void)state;
	skip();
#endif
}

/* Such a thread may sleep elsewhere, so its waits are measured one by one. */
static void the_wait_of_a_thread_that_works_is_seen(void **state)
{
#ifdef WAIT_AT_ONCE
	struct worker *me = (struct worker *)ringbench_alloc_lines(sizeof(*me));
	struct fixture fixture;
	uint32_t stop = 0;
	uint64_t word = 0;

	(void)state;
	open_queue(&fixture, 4);
	BACKEND->close(fixture.channel);
	me->stop = &stop;
	me->work = (bool (*)(struct worker *, uint64_t *))1;
	assert_false(transfer(&fixture.port, fixture.channel, &word, me, POP,
			      WAIT_BLOCK));
	assert_int_not_equal(me->empty.weight, WAITCLOCK_UNSEEN);
	if (SLEEPS_UNSEEN)
		assert_int_equal(me->empty.waits, 1);
	close_queue(&fixture);
	free(me);
#else
	(void)state;
	skip();
#endif
}

#endif
