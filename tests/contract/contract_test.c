/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every backend must do, whatever it is made of. Built once for each
 * backend, whose source is included here as BACKEND_SOURCE.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include BACKEND_SOURCE

extern const struct backend BACKEND_SYMBOL;
#define BACKEND (&BACKEND_SYMBOL)

/* A queue with an open port, as a loop has it. */
struct fixture {
	struct channel *channel;
	struct port port;
};

static void open_queue(struct fixture *fixture, size_t capacity)
{
	fixture->channel = memory_lines(sizeof(*fixture->channel));
	assert_non_null(fixture->channel);
	assert_int_equal(BACKEND->create(fixture->channel, capacity), 0);
	port_open(&fixture->port, fixture->channel->queue);
}

static void close_queue(struct fixture *fixture)
{
	port_close(&fixture->port);
	BACKEND->destroy(fixture->channel);
	free(fixture->channel);
}

static void skip_floors(void)
{
	if (BACKEND->flags & BACKEND_FLOOR)
		skip();
}

static const size_t capacities[] = { 1, 2, 3, 4, 7, 1023 };

enum {
	CAPACITIES = sizeof(capacities) / sizeof(capacities[0]),
	LAPS = 5,
	MESSAGES = 50000,
	PARCELS = 5000,
};

static void backend_is_called_like_its_file(void **state)
{
	(void)state;
	assert_string_equal(BACKEND->id, BACKEND_NAME);
	assert_true(strlen(BACKEND->summary) > 0);
}

static void queue_holds_at_least_the_capacity_asked_for(void **state)
{
	struct fixture fixture;

	(void)state;
	skip_floors();
	for (size_t i = 0; i < CAPACITIES; i++) {
		open_queue(&fixture, capacities[i]);
		assert_true(fixture.channel->capacity_usable >= capacities[i]);
		close_queue(&fixture);
	}
}

static void new_queue_is_empty_and_refuses_pop(void **state)
{
	struct fixture fixture;
	uint64_t word = 7;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	assert_true(queue_is_empty(&fixture.port));
	assert_false(queue_try_pop(&fixture.port, &word));
	assert_int_equal(word, 7);
	close_queue(&fixture);
}

static void full_queue_refuses_push_and_keeps_order(void **state)
{
	struct fixture fixture;
	uint64_t word, next = 1, expected = 1;

	(void)state;
	skip_floors();
	for (size_t i = 0; i < CAPACITIES; i++) {
		size_t usable;

		open_queue(&fixture, capacities[i]);
		usable = fixture.channel->capacity_usable;
		next = expected = 1;
		for (int lap = 0; lap < LAPS; lap++) {
			for (size_t n = 0; n < usable; n++)
				assert_true(
					queue_try_push(&fixture.port, next++));
			assert_false(queue_try_push(&fixture.port, 999));
			assert_false(queue_is_empty(&fixture.port));
			for (size_t n = 0; n < usable; n++) {
				assert_true(
					queue_try_pop(&fixture.port, &word));
				assert_int_equal(word, expected++);
			}
			assert_true(queue_is_empty(&fixture.port));
		}
		close_queue(&fixture);
	}
}

static void all_64_bits_of_a_word_arrive(void **state)
{
	static const uint64_t words[] = { 1, UINT64_MAX, UINT64_C(1) << 63,
					  UINT64_C(0x0123456789abcdef) };
	struct fixture fixture;
	uint64_t word;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(queue_try_push(&fixture.port, words[i]));
		assert_true(queue_try_pop(&fixture.port, &word));
		assert_int_equal(word, words[i]);
	}
	close_queue(&fixture);
}

static void count_word(void *arg, uint64_t word)
{
	uint64_t *sum = arg;

	*sum += word;
}

static void drain_hands_out_everything_that_is_left(void **state)
{
	struct fixture fixture;
	uint64_t sum = 0;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	for (uint64_t word = 1; word <= 4; word++)
		assert_true(BACKEND->feed(fixture.channel, word));
	BACKEND->drain(fixture.channel, count_word, &sum);
	assert_int_equal(sum, 10);
	assert_true(queue_is_empty(&fixture.port));
	close_queue(&fixture);
}

static void closed_queue_refuses_push_and_hands_out_the_rest(void **state)
{
	struct fixture fixture;
	uint64_t word = 5;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	assert_true(queue_try_push(&fixture.port, 5));
	BACKEND->close(fixture.channel);
	word = 6;
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, PUT,
				    CLOCK_NEVER),
			 QUEUE_CLOSED);
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, TAKE,
				    CLOCK_NEVER),
			 QUEUE_OK);
	assert_int_equal(word, 5);
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, TAKE,
				    CLOCK_NEVER),
			 QUEUE_CLOSED);
	close_queue(&fixture);
}

static void wait_on_empty_queue_ends_at_the_deadline_not_before(void **state)
{
	struct fixture fixture;
	int64_t deadline = clock_now_ns() + 2 * NS_PER_MS;
	uint64_t word;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, TAKE,
				    deadline),
			 QUEUE_TIMEOUT);
	assert_true(clock_now_ns() >= deadline);
	close_queue(&fixture);
}

static void wait_on_full_queue_ends_at_the_deadline_not_before(void **state)
{
	struct fixture fixture;
	int64_t deadline;
	uint64_t word = 1;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	while (queue_try_push(&fixture.port, word))
		;
	deadline = clock_now_ns() + 2 * NS_PER_MS;
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, PUT,
				    deadline),
			 QUEUE_TIMEOUT);
	assert_true(clock_now_ns() >= deadline);
	close_queue(&fixture);
}

static void deadline_in_the_past_still_takes_what_is_there(void **state)
{
	struct fixture fixture;
	uint64_t word = 0;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	assert_true(queue_try_push(&fixture.port, 3));
	assert_int_equal(
		wait_until(&fixture.port, fixture.channel, &word, TAKE, 1),
		QUEUE_OK);
	assert_int_equal(word, 3);
	close_queue(&fixture);
}

/* One side of a conversation between two threads. */
struct side {
	struct channel *channel;
	enum wait_kind kind;
	uint32_t stop;
	uint64_t taken;
	bool in_order;
};

static void *take_in_order(void *arg)
{
	struct side *side = arg;
	struct worker *me = memory_lines(sizeof(*me));
	struct port port;
	uint64_t word = 0;

	me->stop = &side->stop;
	me->wait_ns = NS_PER_MS;
	port_open(&port, side->channel->queue);
	side->in_order = true;
	while (side->taken < MESSAGES) {
		/* The policy is a constant in real loops. */
		bool done = side->kind == WAIT_BLOCK
				    ? pass(&port, side->channel, &word, me,
					   TAKE, WAIT_BLOCK)
				    : pass(&port, side->channel, &word, me,
					   TAKE, WAIT_YIELD);

		if (!done)
			break;
		side->taken++;
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
	struct worker *me = memory_lines(sizeof(*me));
	pthread_t taker;

	open_queue(&fixture, 8);
	side.channel = fixture.channel;
	me->stop = &side.stop;
	assert_int_equal(pthread_create(&taker, NULL, take_in_order, &side), 0);
	for (uint64_t word = 1; word <= MESSAGES; word++) {
		bool done = kind == WAIT_BLOCK
				    ? pass(&fixture.port, fixture.channel,
					   &word, me, PUT, WAIT_BLOCK)
				    : pass(&fixture.port, fixture.channel,
					   &word, me, PUT, WAIT_YIELD);

		assert_true(done);
	}
	pthread_join(taker, NULL);
	assert_int_equal(side.taken, MESSAGES);
	assert_true(side.in_order);
	free(me);
	close_queue(&fixture);
}

static void two_threads_pass_everything_in_order(void **state)
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

static void close_wakes_a_thread_that_is_blocked_for_good(void **state)
{
	struct fixture fixture;
	struct side side = { .kind = WAIT_BLOCK };
	pthread_t taker;

	(void)state;
	skip_floors();
	open_queue(&fixture, 8);
	side.channel = fixture.channel;
	assert_int_equal(pthread_create(&taker, NULL, take_in_order, &side), 0);
	/* It may or may not sleep by then: both must work. */
	for (int i = 0; i < 100; i++)
		sched_yield();
	store_release(&side.stop, 1);
	BACKEND->close(fixture.channel);
	pthread_join(taker, NULL);
	assert_int_equal(side.taken, 0);
	close_queue(&fixture);
}

/* Plain memory behind the words: what a race detector can watch. */
struct parcels {
	struct channel *channel;
	uint32_t stop;
	uint64_t content[PARCELS];
	uint64_t sum;
};

static void *open_parcels(void *arg)
{
	struct parcels *parcels = arg;
	struct worker *me = memory_lines(sizeof(*me));
	struct port port;
	uint64_t word = 0;

	me->stop = &parcels->stop;
	port_open(&port, parcels->channel->queue);
	for (int i = 0; i < PARCELS; i++) {
		pass(&port, parcels->channel, &word, me, TAKE, WAIT_YIELD);
		parcels->sum += *(uint64_t *)(uintptr_t)word;
	}
	port_close(&port);
	free(me);
	return NULL;
}

static void what_a_word_points_to_arrives_with_it(void **state)
{
	struct parcels *parcels;
	struct worker *me;
	struct fixture fixture;
	pthread_t taker;

	(void)state;
	skip_floors();
	parcels = memory_lines(sizeof(*parcels));
	me = memory_lines(sizeof(*me));
	open_queue(&fixture, 8);
	parcels->channel = fixture.channel;
	me->stop = &parcels->stop;
	assert_int_equal(pthread_create(&taker, NULL, open_parcels, parcels),
			 0);
	for (uint64_t i = 0; i < PARCELS; i++) {
		uint64_t word = (uintptr_t)&parcels->content[i];

		parcels->content[i] = i + 1;
		assert_true(pass(&fixture.port, fixture.channel, &word, me, PUT,
				 WAIT_YIELD));
	}
	pthread_join(taker, NULL);
	assert_int_equal(parcels->sum, (uint64_t)PARCELS * (PARCELS + 1) / 2);
	free(me);
	free(parcels);
	close_queue(&fixture);
}

/* Sum and number of what several threads put and took. */
struct crowd {
	struct channel *channel;
	uint32_t stop;
	uint64_t taken;
	uint64_t sum;
};

static void *put_numbers(void *arg)
{
	struct crowd *crowd = arg;
	struct worker *me = memory_lines(sizeof(*me));
	struct port port;

	me->stop = &crowd->stop;
	port_open(&port, crowd->channel->queue);
	for (uint64_t word = 1; word <= MESSAGES / 2; word++)
		pass(&port, crowd->channel, &word, me, PUT, WAIT_YIELD);
	port_close(&port);
	free(me);
	return NULL;
}

static void *take_numbers(void *arg)
{
	struct crowd *crowd = arg;
	struct worker *me = memory_lines(sizeof(*me));
	uint64_t taken = 0, sum = 0, word = 0;
	struct port port;

	me->stop = &crowd->stop;
	port_open(&port, crowd->channel->queue);
	while (pass(&port, crowd->channel, &word, me, TAKE, WAIT_YIELD)) {
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
	struct crowd *crowd = arg;

	crowd->taken++;
	crowd->sum += word;
}

static void four_threads_lose_and_repeat_nothing(void **state)
{
	unsigned both = BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER;
	uint64_t half = MESSAGES / 2;
	struct fixture fixture;
	struct crowd crowd = { 0 };
	pthread_t threads[4];

	(void)state;
	if ((BACKEND->flags & both) != both)
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
	store_release(&crowd.stop, 1);
	pthread_join(threads[2], NULL);
	pthread_join(threads[3], NULL);
	BACKEND->drain(fixture.channel, rest_of_crowd, &crowd);
	assert_int_equal(crowd.taken, 2 * half);
	assert_int_equal(crowd.sum, half * (half + 1));
	close_queue(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backend_is_called_like_its_file),
		cmocka_unit_test(queue_holds_at_least_the_capacity_asked_for),
		cmocka_unit_test(new_queue_is_empty_and_refuses_pop),
		cmocka_unit_test(full_queue_refuses_push_and_keeps_order),
		cmocka_unit_test(all_64_bits_of_a_word_arrive),
		cmocka_unit_test(drain_hands_out_everything_that_is_left),
		cmocka_unit_test(
			closed_queue_refuses_push_and_hands_out_the_rest),
		cmocka_unit_test(
			wait_on_empty_queue_ends_at_the_deadline_not_before),
		cmocka_unit_test(
			wait_on_full_queue_ends_at_the_deadline_not_before),
		cmocka_unit_test(
			deadline_in_the_past_still_takes_what_is_there),
		cmocka_unit_test(two_threads_pass_everything_in_order),
		cmocka_unit_test(two_blocking_threads_lose_no_wake_up),
		cmocka_unit_test(what_a_word_points_to_arrives_with_it),
		cmocka_unit_test(close_wakes_a_thread_that_is_blocked_for_good),
		cmocka_unit_test(four_threads_lose_and_repeat_nothing),
	};

	return cmocka_run_group_tests_name(BACKEND_NAME, tests, NULL, NULL);
}
