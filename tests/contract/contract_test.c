/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract tests for one backend. The test is compiled once for each
 * backend, and includes its source as BACKEND_SOURCE.
 */
#include "batches.h"
#include "fixture.h"
#include "threads.h"
#include "native_waits.h"
#include "shared.h"

static const size_t capacities[] = { 1, 2, 3, 4, 7, 1023 };

enum {
	CAPACITIES = sizeof(capacities) / sizeof(capacities[0]),
	LAPS = 5,
	/* more messages than any bounded queue of the tests holds */
	MANY = 100000,
	/* a number of messages that would take too much memory */
	FAR_TOO_MANY = 1 << 25,
};

static void backend_is_called_like_its_file(void **state)
{
	(void)state;
	assert_string_equal(BACKEND->id, BACKEND_NAME);
	assert_true(strlen(BACKEND->summary) > 0);
}

static void queue_holds_at_least_the_requested_capacity(void **state)
{
	struct fixture fixture;

	(void)state;
	skip_floors();
	if (has(BACKEND_UNBOUNDED))
		skip();
	for (size_t i = 0; i < CAPACITIES && is_allowed(capacities[i]); i++) {
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

/* Pushes `count` words: *next, *next + 1, and so on. */
static void push_words(struct fixture *fixture, uint64_t *next, size_t count)
{
	for (size_t n = 0; n < count; n++)
		assert_true(queue_try_push(&fixture->port, (*next)++));
}

/* Pops `count` words, of which `newest` was pushed last, and checks their
 * order: a queue returns the oldest word first, a stack the newest word. */
static void assert_words(struct fixture *fixture, uint64_t newest, size_t count)
{
	uint64_t word;

	for (size_t n = 0; n < count; n++) {
		assert_false(queue_is_empty(&fixture->port));
		assert_true(queue_try_pop(&fixture->port, &word));
		assert_int_equal(word, has(BACKEND_LIFO)
					       ? newest - n
					       : newest - count + 1 + n);
	}
	assert_true(queue_is_empty(&fixture->port));
}

static void full_queue_refuses_push_and_keeps_its_words(void **state)
{
	struct fixture fixture;

	(void)state;
	skip_floors();
	if (has(BACKEND_UNBOUNDED))
		skip();
	for (size_t i = 0; i < CAPACITIES && is_allowed(capacities[i]); i++) {
		uint64_t next = 1;
		size_t usable;

		open_queue(&fixture, capacities[i]);
		usable = fixture.channel->capacity_usable;
		for (int lap = 0; lap < LAPS; lap++) {
			push_words(&fixture, &next, usable);
			assert_false(queue_try_push(&fixture.port, 999));
			assert_words(&fixture, next - 1, usable);
		}
		close_queue(&fixture);
	}
}

static void
a_queue_hands_out_the_oldest_first_and_a_stack_the_newest(void **state)
{
	static const size_t lengths[] = { 1, 2, 3, 7, 1, 5 };
	struct fixture fixture;
	uint64_t word, next = 1;

	(void)state;
	skip_floors();
	open_queue(&fixture, 7);
	for (int lap = 0; lap < LAPS; lap++)
		for (size_t i = 0; i < 6; i++) {
			push_words(&fixture, &next, lengths[i]);
			assert_words(&fixture, next - 1, lengths[i]);
		}
	/* Pushes 1 and 2, pops one word, then pushes 3. */
	next = 1;
	push_words(&fixture, &next, 2);
	assert_true(queue_try_pop(&fixture.port, &word));
	assert_int_equal(word, has(BACKEND_LIFO) ? 2 : 1);
	push_words(&fixture, &next, 1);
	assert_true(queue_try_pop(&fixture.port, &word));
	assert_int_equal(word, has(BACKEND_LIFO) ? 3 : 2);
	assert_true(queue_try_pop(&fixture.port, &word));
	assert_int_equal(word, has(BACKEND_LIFO) ? 1 : 3);
	close_queue(&fixture);
}

static void unbounded_queue_holds_many_more_words_than_a_ring(void **state)
{
	struct fixture fixture;
	uint64_t next = 1;

	(void)state;
	if (!has(BACKEND_UNBOUNDED))
		skip();
	open_queue(&fixture, 0);
	assert_int_equal(fixture.channel->capacity_usable, 0);
	for (int lap = 0; lap < LAPS; lap++) {
		push_words(&fixture, &next, MANY);
		assert_words(&fixture, next - 1, MANY);
	}
	close_queue(&fixture);
}

static void unbounded_queue_does_not_fill_the_memory(void **state)
{
	struct fixture fixture;
	uint64_t word = 0, count = 0, taken = 0;
	bool pushed;

	(void)state;
	if (!has(BACKEND_UNBOUNDED))
		skip();
	open_queue(&fixture, 0);
	while (count < FAR_TOO_MANY && queue_try_push(&fixture.port, count + 1))
		count++;
	assert_true(count > MANY);
	assert_true(count < FAR_TOO_MANY);
	/* Every push fails until there is room again. */
	assert_false(queue_try_push(&fixture.port, 1));
	do {
		assert_true(queue_try_pop(&fixture.port, &word));
		assert_int_equal(word, ++taken);
		pushed = queue_try_push(&fixture.port, count + 1);
	} while (!pushed && has(BACKEND_WEAK_EMPTY) && taken < MANY);
	assert_true(pushed);
	for (uint64_t n = taken + 1; n <= count + 1; n++) {
		if (!queue_try_pop(&fixture.port, &word) || word != n)
			fail_msg("not word %llu", (unsigned long long)n);
	}
	assert_true(queue_is_empty(&fixture.port));
	close_queue(&fixture);
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
	uint64_t *sum = (uint64_t *)arg;

	*sum += word;
}

static void drain_returns_all_words_that_are_left(void **state)
{
	struct fixture fixture;
	uint64_t sum = 0;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	port_close(&fixture.port); /* both functions open their own port */
	for (uint64_t word = 1; word <= 4; word++)
		assert_true(BACKEND->feed(fixture.channel, word));
	BACKEND->drain(fixture.channel, count_word, &sum);
	assert_int_equal(sum, 10);
	port_open(&fixture.port, (struct queue *)fixture.channel->queue);
	assert_true(queue_is_empty(&fixture.port));
	close_queue(&fixture);
}

static void closed_queue_refuses_push_and_returns_the_rest(void **state)
{
	struct fixture fixture;
	uint64_t word = 5;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	assert_true(queue_try_push(&fixture.port, 5));
	BACKEND->close(fixture.channel);
	word = 6;
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, PUSH,
				    RINGBENCH_NEVER),
			 QUEUE_CLOSED);
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, POP,
				    RINGBENCH_NEVER),
			 QUEUE_OK);
	assert_int_equal(word, 5);
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, POP,
				    RINGBENCH_NEVER),
			 QUEUE_CLOSED);
	close_queue(&fixture);
}

static void wait_on_empty_queue_does_not_end_before_the_deadline(void **state)
{
	struct fixture fixture;
	int64_t deadline = ringbench_now_ns() + 2 * RINGBENCH_NS_PER_MS;
	uint64_t word;

	(void)state;
	skip_floors();
	if (has(BACKEND_NO_DEADLINE))
		skip();
	open_queue(&fixture, 4);
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, POP,
				    deadline),
			 QUEUE_TIMEOUT);
	assert_true(ringbench_now_ns() >= deadline);
	close_queue(&fixture);
}

static void wait_on_full_queue_does_not_end_before_the_deadline(void **state)
{
	struct fixture fixture;
	int64_t deadline;
	uint64_t word = 1;

	(void)state;
	skip_floors();
	if (has(BACKEND_NO_DEADLINE))
		skip();
	open_queue(&fixture, 4);
	while (queue_try_push(&fixture.port, word))
		;
	deadline = ringbench_now_ns() + 2 * RINGBENCH_NS_PER_MS;
	assert_int_equal(wait_until(&fixture.port, fixture.channel, &word, PUSH,
				    deadline),
			 QUEUE_TIMEOUT);
	assert_true(ringbench_now_ns() >= deadline);
	close_queue(&fixture);
}

static void pop_after_its_deadline_still_returns_a_message(void **state)
{
	struct fixture fixture;
	uint64_t word = 0;

	(void)state;
	skip_floors();
	open_queue(&fixture, 4);
	assert_true(queue_try_push(&fixture.port, 3));
	assert_int_equal(
		wait_until(&fixture.port, fixture.channel, &word, POP, 1),
		QUEUE_OK);
	assert_int_equal(word, 3);
	close_queue(&fixture);
}

#ifdef QUEUE_HAS_CLAIM
static void *pop_claimed(void *arg)
{
	struct fixture *fixture = (struct fixture *)arg;
	struct port port;
	uint64_t word, sum = 0;

	port_open(&port, (struct queue *)fixture->channel->queue);
	for (int i = 0; i < 3; i++) {
		queue_pop(&port, &word);
		sum += word;
	}
	port_close(&port);
	return (void *)(uintptr_t)sum;
}
#endif

static void a_claimed_pop_waits_for_its_message(void **state)
{
#ifdef QUEUE_HAS_CLAIM
	struct fixture fixture;
	pthread_t taker;
	void *sum;

	(void)state;
	open_queue(&fixture, 4);
	assert_int_equal(pthread_create(&taker, NULL, pop_claimed, &fixture),
			 0);
	for (int i = 0; i < 100; i++)
		sched_yield(); /* the pop may or may not wait at this time */
	queue_push(&fixture.port, 1);
	while (!queue_try_push(&fixture.port, 2))
		;
	queue_push(&fixture.port, UINT64_C(1) << 40);
	pthread_join(taker, &sum);
	assert_int_equal((uintptr_t)sum, (UINT64_C(1) << 40) + 3);
	assert_true(queue_is_empty(&fixture.port));
	close_queue(&fixture);
#else
	(void)state;
	assert_false(has(BACKEND_CLAIMS));
	skip();
#endif
}

/* Runs the tests whose names match the argument; without an argument, all
 * tests. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backend_is_called_like_its_file),
		cmocka_unit_test(queue_holds_at_least_the_requested_capacity),
		cmocka_unit_test(new_queue_is_empty_and_refuses_pop),
		cmocka_unit_test(full_queue_refuses_push_and_keeps_its_words),
		cmocka_unit_test(
			a_queue_hands_out_the_oldest_first_and_a_stack_the_newest),
		cmocka_unit_test(
			unbounded_queue_holds_many_more_words_than_a_ring),
		cmocka_unit_test(unbounded_queue_does_not_fill_the_memory),
		cmocka_unit_test(all_64_bits_of_a_word_arrive),
		cmocka_unit_test(a_batch_is_pushed_as_far_as_there_is_room),
		cmocka_unit_test(batches_and_single_words_share_one_order),
		cmocka_unit_test(
			a_pop_of_more_words_than_there_are_returns_all_words),
		cmocka_unit_test(
			an_unbounded_queue_refuses_batches_and_loses_no_word),
		cmocka_unit_test(batches_arrive_in_the_promised_order),
		cmocka_unit_test(blocking_batches_lose_no_wake_up),
		cmocka_unit_test(drain_returns_all_words_that_are_left),
		cmocka_unit_test(
			closed_queue_refuses_push_and_returns_the_rest),
		cmocka_unit_test(
			wait_on_empty_queue_does_not_end_before_the_deadline),
		cmocka_unit_test(
			wait_on_full_queue_does_not_end_before_the_deadline),
		cmocka_unit_test(
			pop_after_its_deadline_still_returns_a_message),
		cmocka_unit_test(a_claimed_pop_waits_for_its_message),
		cmocka_unit_test(two_threads_keep_the_promised_order),
		cmocka_unit_test(two_blocking_threads_lose_no_wake_up),
		cmocka_unit_test(
			block_tries_before_it_sleeps_unless_there_is_one_cpu),
		cmocka_unit_test(memory_behind_a_word_arrives_with_the_word),
		cmocka_unit_test(close_wakes_a_blocked_thread),
		cmocka_unit_test(
			close_wakes_a_thread_that_is_blocked_on_a_full_queue),
		cmocka_unit_test(a_wait_that_ends_at_once_reads_no_clock),
		cmocka_unit_test(a_wait_that_sleeps_starts_the_clock),
		cmocka_unit_test(the_wait_of_a_thread_that_works_is_seen),
		cmocka_unit_test(the_survivor_of_a_killed_push_goes_on),
		cmocka_unit_test(the_survivor_of_a_killed_pop_goes_on),
		cmocka_unit_test(a_shared_queue_refuses_what_it_cannot_hold),
		cmocka_unit_test(four_threads_lose_and_repeat_no_message),
		cmocka_unit_test(a_queue_with_a_message_never_reports_empty),
		cmocka_unit_test(a_pushed_message_can_be_popped_at_once),
	};

	signal(SIGALRM, end_hanging_test);
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests_name(BACKEND_NAME, tests, NULL, NULL);
}
