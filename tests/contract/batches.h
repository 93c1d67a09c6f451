/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract for batches: with the backend's own operations for batches, or
 * with the loops that replace them.
 */
#ifndef BATCHES_H
#define BATCHES_H

#include "fixture.h"

enum {
	BATCH = 16,
	BATCHED_MESSAGES = 50000,
	BATCH_ROOM = 1 << 12, /* more than the capacity of every bounded queue
				 in the tests */
};

/* Returns `count` words: first, first + 1, and so on. */
static const uint64_t *rising(uint64_t first, size_t count)
{
	static uint64_t words[BATCH_ROOM];

	assert_true(count <= BATCH_ROOM);
	for (size_t i = 0; i < count; i++)
		words[i] = first + i;
	return words;
}

/* Pops all words in one operation, and checks that they are `count` words in
 * the right order. */
static void assert_taken(struct fixture *fixture, uint64_t first, size_t count)
{
	static uint64_t words[BATCH_ROOM];
	size_t taken = queue_try_pop_bulk(&fixture->port, words, BATCH_ROOM);

	assert_int_equal(taken, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(words[i], has(BACKEND_LIFO)
						   ? first + count - 1 - i
						   : first + i);
	assert_true(queue_is_empty(&fixture->port));
}

static void a_batch_is_pushed_as_far_as_there_is_room(void **state)
{
	static const size_t bounds[] = { 1, 2, 3, 7, 1023 };
	struct fixture fixture;

	(void)state;
	skip_floors();
	if (has(BACKEND_UNBOUNDED))
		skip();
	for (size_t i = 0;
	     i < sizeof(bounds) / sizeof(bounds[0]) && is_allowed(bounds[i]);
	     i++) {
		size_t usable, half, put;

		open_queue(&fixture, bounds[i]);
		usable = fixture.channel->capacity_usable;
		half = usable / 2;
		for (int lap = 0; lap < 3; lap++) {
			for (size_t n = 0; n < half; n++)
				assert_true(
					queue_try_push(&fixture.port, n + 1));
			put = queue_try_push_bulk(&fixture.port,
						  rising(half + 1, usable),
						  usable);
			/* Only a backend with BACKEND_WEAK_EMPTY may push fewer
			 * words. */
			assert_true(has(BACKEND_WEAK_EMPTY)
					    ? half + put <= usable
					    : half + put == usable);
			while (queue_try_push(&fixture.port, half + put + 1))
				put++;
			assert_int_equal(queue_try_push_bulk(&fixture.port,
							     rising(999, 3), 3),
					 0);
			assert_taken(&fixture, 1, half + put);
		}
		close_queue(&fixture);
	}
}

static void batches_and_single_words_share_one_order(void **state)
{
	struct fixture fixture;

	(void)state;
	skip_floors();
	open_queue(&fixture, 7);
	for (int lap = 0; lap < 5; lap++) {
		assert_true(queue_try_push(&fixture.port, 1));
		assert_int_equal(
			queue_try_push_bulk(&fixture.port, rising(2, 3), 3), 3);
		assert_true(queue_try_push(&fixture.port, 5));
		assert_int_equal(
			queue_try_push_bulk(&fixture.port, rising(6, 1), 1), 1);
		assert_taken(&fixture, 1, 6);
	}
	close_queue(&fixture);
}

static void a_pop_of_more_words_than_there_are_returns_all_words(void **state)
{
	uint64_t words[3] = { 0 };
	struct fixture fixture;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	assert_int_equal(queue_try_pop_bulk(&fixture.port, words, 3), 0);
	assert_int_equal(queue_try_push_bulk(&fixture.port, rising(1, 4), 4),
			 4);
	assert_int_equal(queue_try_pop_bulk(&fixture.port, words, 3), 3);
	for (uint64_t i = 0; i < 3; i++)
		assert_int_equal(words[i], has(BACKEND_LIFO) ? 4 - i : i + 1);
	assert_int_equal(queue_try_pop_bulk(&fixture.port, words, 3), 1);
	assert_int_equal(words[0], has(BACKEND_LIFO) ? 1 : 4);
	assert_int_equal(queue_try_pop_bulk(&fixture.port, words, 3), 0);
	close_queue(&fixture);
}

/* The state of two threads: one pushes batches, the other pops batches. */
struct conveyor {
	struct channel *channel;
	enum wait_kind kind;
	uint32_t stop;
	uint64_t goal;
	uint64_t taken;
	uint64_t sum;
	bool in_order;
};

/* The policy is a constant in real loops. */
static size_t convey(struct conveyor *conveyor, struct port *port,
		     uint64_t *words, size_t count, struct worker *me,
		     enum direction direction)
{
	if (conveyor->kind == WAIT_BLOCK)
		return direction == PUSH
			       ? transfer_bulk(port, conveyor->channel, words,
					       count, me, PUSH, WAIT_BLOCK)
			       : transfer_bulk(port, conveyor->channel, words,
					       count, me, POP, WAIT_BLOCK);
	return direction == PUSH ? transfer_bulk(port, conveyor->channel, words,
						 count, me, PUSH, WAIT_YIELD)
				 : transfer_bulk(port, conveyor->channel, words,
						 count, me, POP, WAIT_YIELD);
}

static void *take_batches(void *arg)
{
	struct conveyor *conveyor = (struct conveyor *)arg;
	struct worker *me = new_worker(&conveyor->stop);
	uint64_t words[BATCH] = { 0 };
	struct port port;

	port_open(&port, (struct queue *)conveyor->channel->queue);
	conveyor->in_order = true;
	while (conveyor->taken < conveyor->goal) {
		size_t count = convey(conveyor, &port, words, BATCH, me, POP);

		if (!count)
			break;
		for (size_t i = 0; i < count; i++) {
			conveyor->sum += words[i];
			if (words[i] != ++conveyor->taken)
				conveyor->in_order = false;
		}
	}
	port_close(&port);
	free(me);
	return NULL;
}

static void convey_all(enum wait_kind kind)
{
	struct fixture fixture;
	struct conveyor conveyor = { 0 };
	struct worker *me = new_worker(&conveyor.stop);
	uint64_t words[BATCH], sent = 0;
	pthread_t taker;

	/* Sizes of batches by which the capacity is not divisible. */
	open_queue(&fixture, 10);
	conveyor.channel = fixture.channel;
	conveyor.kind = kind;
	conveyor.goal = BATCHED_MESSAGES;
	assert_int_equal(pthread_create(&taker, NULL, take_batches, &conveyor),
			 0);
	while (sent < BATCHED_MESSAGES) {
		size_t count = 1 + sent % BATCH, put = 0;

		if (count > BATCHED_MESSAGES - sent)
			count = BATCHED_MESSAGES - sent;
		memcpy(words, rising(sent + 1, count), count * sizeof(*words));
		while (put < count) {
			size_t more = convey(&conveyor, &fixture.port,
					     words + put, count - put, me,
					     PUSH);

			assert_true(more > 0 && more <= count - put);
			put += more;
		}
		sent += count;
	}
	pthread_join(taker, NULL);
	assert_int_equal(conveyor.taken, BATCHED_MESSAGES);
	assert_int_equal(conveyor.sum, (uint64_t)BATCHED_MESSAGES *
					       (BATCHED_MESSAGES + 1) / 2);
	if (!has(BACKEND_LIFO))
		assert_true(conveyor.in_order);
	free(me);
	close_queue(&fixture);
}

static void batches_arrive_in_the_promised_order(void **state)
{
	(void)state;
	skip_floors();
	convey_all(WAIT_YIELD);
}

static void blocking_batches_lose_no_wake_up(void **state)
{
	(void)state;
	skip_floors();
	convey_all(WAIT_BLOCK);
}

/* The queue may refuse a batch completely or after some words. It must lose no
 * word then, also while another thread pops. */
static void an_unbounded_queue_refuses_batches_and_loses_no_word(void **state)
{
	struct conveyor conveyor = { 0 };
	uint64_t sent = 0, goal;
	struct fixture fixture;
	pthread_t taker;
	size_t count;

	(void)state;
	if (!has(BACKEND_UNBOUNDED) || has(BACKEND_LIFO))
		skip();
	open_queue(&fixture, 0);
	goal = 40 * BATCHED_MESSAGES;
	conveyor.channel = fixture.channel;
	conveyor.goal = goal;
	assert_int_equal(pthread_create(&taker, NULL, take_batches, &conveyor),
			 0);
	while (sent < goal) {
		count = queue_try_push_bulk(
			&fixture.port, rising(sent + 1, 64),
			goal - sent < 64 ? (size_t)(goal - sent) : 64);
		if (!count)
			count = queue_try_push(&fixture.port, sent + 1);
		if (!count)
			sched_yield();
		sent += count;
	}
	pthread_join(taker, NULL);
	assert_int_equal(conveyor.taken, goal);
	assert_true(conveyor.in_order);
	close_queue(&fixture);
}

#endif
