/* SPDX-License-Identifier: BSD-2-Clause */
/* The contract for several threads at one queue. */
#ifndef THREADS_H
#define THREADS_H

#include "fixture.h"

enum {
	MESSAGES = 50000,
	PARCELS = 5000,
};

/* The state of the thread that pops, shared with the thread that pushes. */
struct side {
	struct channel *channel;
	enum wait_kind kind;
	uint32_t stop;
	uint64_t taken;
	uint64_t sum;
	bool in_order;
};

static void *take_all(void *arg)
{
	struct side *side = (struct side *)arg;
	struct worker *me = new_worker(&side->stop);
	struct port port;
	uint64_t word = 0;

	me->wait_ns = RINGBENCH_NS_PER_MS;
	port_open(&port, (struct queue *)side->channel->queue);
	side->in_order = true;
	while (side->taken < MESSAGES) {
		/* The policy is a constant in real loops. */
		bool done = side->kind == WAIT_BLOCK
				    ? transfer(&port, side->channel, &word, me,
					       POP, WAIT_BLOCK)
				    : transfer(&port, side->channel, &word, me,
					       POP, WAIT_YIELD);

		if (!done)
			break;
		side->taken++;
		side->sum += word;
		if (word != side->taken)
			side->in_order = false;
	}
	port_close(&port);
	free(me);
	return NULL;
}

static void send_all(enum wait_kind kind)
{
	struct fixture fixture;
	struct side side = { .kind = kind };
	struct worker *me = new_worker(&side.stop);
	pthread_t taker;

	open_queue(&fixture, 8);
	side.channel = fixture.channel;
	assert_int_equal(pthread_create(&taker, NULL, take_all, &side), 0);
	for (uint64_t word = 1; word <= MESSAGES; word++) {
		bool done = kind == WAIT_BLOCK
				    ? transfer(&fixture.port, fixture.channel,
					       &word, me, PUSH, WAIT_BLOCK)
				    : transfer(&fixture.port, fixture.channel,
					       &word, me, PUSH, WAIT_YIELD);

		assert_true(done);
	}
	pthread_join(taker, NULL);
	assert_int_equal(side.taken, MESSAGES);
	assert_int_equal(side.sum, (uint64_t)MESSAGES * (MESSAGES + 1) / 2);
	/* While another thread pushes, a stack promises no order. */
	if (!has(BACKEND_LIFO))
		assert_true(side.in_order);
	free(me);
	close_queue(&fixture);
}

static void two_threads_keep_the_promised_order(void **state)
{
	(void)state;
	skip_floors();
	send_all(WAIT_YIELD);
}

static void two_blocking_threads_lose_no_wake_up(void **state)
{
	(void)state;
	skip_floors();
	send_all(WAIT_BLOCK);
}

/* The failed tries of a pop that ends because the queue is closed. */
static uint64_t tries_of_block(bool one_cpu)
{
	struct fixture fixture;
	uint32_t stop = 0;
	struct worker *me = new_worker(&stop);
	uint64_t word, tries;

	open_queue(&fixture, 8);
	BACKEND->close(fixture.channel);
	/* No producer was woken that could still push a message. */
	fixture.channel->not_full.woken_ns = 0;
	me->one_cpu = one_cpu;
	assert_false(transfer(&fixture.port, fixture.channel, &word, me, POP,
			      WAIT_BLOCK));
	tries = me->empty.tries;
	free(me);
	close_queue(&fixture);
	return tries;
}

static void block_tries_before_it_sleeps_unless_there_is_one_cpu(void **state)
{
	(void)state;
	skip_floors();
	if (has(BACKEND_NATIVE_WAIT))
		skip();
	assert_int_equal(tries_of_block(true), 1);
	assert_int_equal(tries_of_block(false), 1 + WAITCLOCK_HEAD_TRIES);
}

static void close_wakes_a_blocked_thread(void **state)
{
	struct fixture fixture;
	struct side side = { .kind = WAIT_BLOCK };
	pthread_t taker;

	(void)state;
	skip_floors();
	open_queue(&fixture, 8);
	side.channel = fixture.channel;
	assert_int_equal(pthread_create(&taker, NULL, take_all, &side), 0);
	/* The thread may or may not sleep now; the close must work in both
	 * cases. */
	for (int i = 0; i < 100; i++)
		sched_yield();
	ringbench_store_release(&side.stop, 1);
	BACKEND->close(fixture.channel);
	pthread_join(taker, NULL);
	assert_int_equal(side.taken, 0);
	close_queue(&fixture);
}

/* The words point to plain memory, so that a race detector notices a missing
 * order. */
struct parcels {
	struct channel *channel;
	uint32_t stop;
	uint64_t content[PARCELS];
	uint64_t sum;
};

static void *open_parcels(void *arg)
{
	struct parcels *parcels = (struct parcels *)arg;
	struct worker *me = new_worker(&parcels->stop);
	struct port port;
	uint64_t word = 0;

	port_open(&port, (struct queue *)parcels->channel->queue);
	for (int i = 0; i < PARCELS; i++) {
		transfer(&port, parcels->channel, &word, me, POP, WAIT_YIELD);
		parcels->sum += *(uint64_t *)(uintptr_t)word;
	}
	port_close(&port);
	free(me);
	return NULL;
}

static void memory_behind_a_word_arrives_with_the_word(void **state)
{
	struct parcels *parcels;
	struct worker *me;
	struct fixture fixture;
	pthread_t taker;

	(void)state;
	skip_floors();
	parcels = (struct parcels *)ringbench_alloc_lines(sizeof(*parcels));
	me = new_worker(&parcels->stop);
	open_queue(&fixture, 8);
	parcels->channel = fixture.channel;
	assert_int_equal(pthread_create(&taker, NULL, open_parcels, parcels),
			 0);
	for (uint64_t i = 0; i < PARCELS; i++) {
		uint64_t word = (uintptr_t)&parcels->content[i];

		parcels->content[i] = i + 1;
		assert_true(transfer(&fixture.port, fixture.channel, &word, me,
				     PUSH, WAIT_YIELD));
	}
	pthread_join(taker, NULL);
	assert_int_equal(parcels->sum, (uint64_t)PARCELS * (PARCELS + 1) / 2);
	free(me);
	free(parcels);
	close_queue(&fixture);
}

/* Sum and number of the words that several threads pushed and popped. */
struct crowd {
	struct channel *channel;
	uint32_t stop;
	uint64_t taken;
	uint64_t sum;
};

static void *put_numbers(void *arg)
{
	struct crowd *crowd = (struct crowd *)arg;
	struct worker *me = new_worker(&crowd->stop);
	struct port port;

	port_open(&port, (struct queue *)crowd->channel->queue);
	for (uint64_t word = 1; word <= MESSAGES / 2; word++)
		transfer(&port, crowd->channel, &word, me, PUSH, WAIT_YIELD);
	port_close(&port);
	free(me);
	return NULL;
}

static void *take_numbers(void *arg)
{
	struct crowd *crowd = (struct crowd *)arg;
	struct worker *me = new_worker(&crowd->stop);
	uint64_t taken = 0, sum = 0, word = 0;
	struct port port;

	port_open(&port, (struct queue *)crowd->channel->queue);
	while (transfer(&port, crowd->channel, &word, me, POP, WAIT_YIELD)) {
		taken++;
		sum += word;
	}
	port_close(&port);
	__atomic_fetch_add(&crowd->taken, taken, __ATOMIC_RELAXED);
	__atomic_fetch_add(&crowd->sum, sum, __ATOMIC_RELAXED);
	free(me);
	return NULL;
}

static void rest_of_crowd(void *arg, uint64_t word)
{
	struct crowd *crowd = (struct crowd *)arg;

	crowd->taken++;
	crowd->sum += word;
}

static void four_threads_lose_and_repeat_no_message(void **state)
{
	uint64_t half = MESSAGES / 2;
	struct fixture fixture;
	struct crowd crowd = { 0 };
	pthread_t threads[4];

	(void)state;
	skip_floors();
	if (!has(BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER))
		skip();
	open_queue(&fixture, 8);
	crowd.channel = fixture.channel;
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL,
				       i < 2 ? put_numbers : take_numbers,
				       &crowd),
			0);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	ringbench_store_release(&crowd.stop, 1);
	pthread_join(threads[2], NULL);
	pthread_join(threads[3], NULL);
	BACKEND->drain(fixture.channel, rest_of_crowd, &crowd);
	assert_int_equal(crowd.taken, 2 * half);
	assert_int_equal(crowd.sum, half * (half + 1));
	close_queue(&fixture);
}

/* A queue that contains at least one message at all times. */
struct carousel {
	struct channel *channel;
	uint64_t pushed; /* number of pushes that have returned */
	int64_t end_ns;	 /* latest end of the test */
	uint64_t false_empty;
	uint64_t false_full;
};

/*
 * There are more messages than threads, and a thread that pops holds no
 * message. So the queue contains a message at each instant of a pop, and no pop
 * may fail. The queue has room for all messages, so no push may fail either.
 *
 * The test may end early: if operations wait for each other (rte_ring) and
 * threads wait for a CPU, each operation can take a time slice.
 */
static void *ride(void *arg)
{
	struct carousel *carousel = (struct carousel *)arg;
	uint64_t empty = 0, full = 0, word = 0;
	struct port port;

	port_open(&port, (struct queue *)carousel->channel->queue);
	for (int i = 0; i < MESSAGES; i++) {
		if (i % 16 == 0 && ringbench_now_ns() >= carousel->end_ns)
			break;
		while (!queue_try_pop(&port, &word))
			empty++;
		while (!queue_try_push(&port, word))
			full++;
	}
	port_close(&port);
	__atomic_fetch_add(&carousel->false_empty, empty, __ATOMIC_RELAXED);
	__atomic_fetch_add(&carousel->false_full, full, __ATOMIC_RELAXED);
	return NULL;
}

static void assert_nothing_was_hidden(const struct carousel *carousel)
{
	if (has(BACKEND_WEAK_EMPTY)) {
		print_message("%s: false empty %llu, false full %llu\n",
			      BACKEND_NAME,
			      (unsigned long long)carousel->false_empty,
			      (unsigned long long)carousel->false_full);
		return;
	}
	assert_int_equal(carousel->false_empty, 0);
	assert_int_equal(carousel->false_full, 0);
}

static void a_queue_with_a_message_never_reports_empty(void **state)
{
	struct carousel carousel = { 0 };
	struct crowd left = { 0 };
	struct fixture fixture;
	pthread_t threads[4];

	(void)state;
	skip_floors();
	if (!has(BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER))
		skip();
	open_queue(&fixture, 5);
	carousel.channel = fixture.channel;
	carousel.end_ns = ringbench_now_ns() + 2 * RINGBENCH_NS_PER_S;
	for (uint64_t word = 1; word <= 5; word++)
		assert_true(BACKEND->feed(fixture.channel, word));
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, ride, &carousel), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	BACKEND->drain(fixture.channel, rest_of_crowd, &left);
	assert_int_equal(left.taken, 5);
	assert_int_equal(left.sum, 15);
	assert_nothing_was_hidden(&carousel);
	close_queue(&fixture);
}

static void *push_and_tell(void *arg)
{
	struct carousel *carousel = (struct carousel *)arg;
	struct port port;

	port_open(&port, (struct queue *)carousel->channel->queue);
	for (uint64_t word = 1; word <= MESSAGES; word++) {
		while (!queue_try_push(&port, word))
			sched_yield();
		ringbench_store_release(&carousel->pushed, word);
	}
	port_close(&port);
	return NULL;
}

/* Also applies to one thread on each side. */
static void a_pushed_message_can_be_popped_at_once(void **state)
{
	struct carousel carousel = { 0 };
	struct fixture fixture;
	uint64_t word;
	pthread_t pusher;

	(void)state;
	skip_floors();
	open_queue(&fixture, 8);
	carousel.channel = fixture.channel;
	assert_int_equal(
		pthread_create(&pusher, NULL, push_and_tell, &carousel), 0);
	for (uint64_t popped = 0; popped < MESSAGES; popped++) {
		while (ringbench_load_acquire(&carousel.pushed) <= popped)
			sched_yield();
		while (queue_is_empty(&fixture.port))
			carousel.false_empty++;
		while (!queue_try_pop(&fixture.port, &word))
			carousel.false_empty++;
	}
	pthread_join(pusher, NULL);
	assert_nothing_was_hidden(&carousel);
	close_queue(&fixture);
}

#endif
