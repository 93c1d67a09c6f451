/* SPDX-License-Identifier: BSD-2-Clause */
/* Nikolaev's ring: capacity, order, suspended threads, monitoring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_delay.h"

#include "scq.h"

struct ring_under_test {
	struct scq scq;
};

struct thread_end {
	struct scq *scq;
};

static void open_end(struct thread_end *end, struct ring_under_test *ring)
{
	end->scq = &ring->scq;
}

static void close_end(struct thread_end *end)
{
	(void)end;
}

static bool put(struct thread_end *end, uint64_t word)
{
	return scq_push(end->scq, word);
}

static bool take(struct thread_end *end, uint64_t *word)
{
	return scq_pop(end->scq, word);
}

#include "ring_threads.h"

static void a_full_ring_returns_its_messages_in_order(void **state)
{
	(void)state;
	EACH(c, ring_capacities) EACH(s, ring_starts)
	{
		struct scq scq;
		uint64_t sent = 0, got = 0, word;

		assert_int_equal(
			scq_init(&scq, ring_capacities[c], ring_starts[s]), 0);
		assert_int_equal(scq.capacity, ring_capacities[c]);
		for (uint64_t lap = 0; lap < 40; lap++) {
			while (sent - got < scq.capacity)
				assert_true(scq_push(&scq, ++sent));
			assert_false(scq_push(&scq, sent + 1));
			while (sent - got > lap % scq.capacity) {
				assert_false(scq_is_empty(&scq));
				assert_true(scq_pop(&scq, &word));
				assert_int_equal(word, ++got);
			}
		}
		while (scq_pop(&scq, &word))
			assert_int_equal(word, ++got);
		assert_int_equal(got, sent);
		assert_true(scq_is_empty(&scq));
		scq_free(&scq);
	}
}

static void an_empty_queue_can_be_popped_without_limit(void **state)
{
	struct scq scq;
	uint64_t word;

	(void)state;
	assert_int_equal(scq_init(&scq, 4, 0), 0);
	for (uint64_t i = 1; i < 1000; i++) {
		for (uint64_t k = 0; k < i % 50; k++)
			assert_false(scq_pop(&scq, &word));
		assert_true(scq_push(&scq, i));
		assert_true(scq_pop(&scq, &word));
		assert_int_equal(word, i);
	}
	scq_free(&scq);
}

/* Pushes and pops this number of messages, and checks their order. */
static void others_get_on(struct scq *scq, size_t room)
{
	uint64_t word;

	for (uint64_t i = 1; i < 500; i++) {
		for (size_t k = 0; k < room; k++)
			assert_true(scq_push(scq, i * 1000 + k));
		for (size_t k = 0; k < room; k++) {
			assert_true(scq_pop(scq, &word));
			assert_int_equal(word, i * 1000 + k);
		}
		assert_false(scq_pop(scq, &word));
	}
}

/*
 * A thread that is suspended for ever has executed only the first steps of an
 * operation. The test executes these steps one after the other.
 */
static void a_push_suspended_at_any_step_stops_no_thread(void **state)
{
	struct scq scq;
	uint64_t index = 0;

	(void)state;
	assert_int_equal(scq_init(&scq, 4, 0), 0);
	__atomic_fetch_add(&scq.free.head, 1, __ATOMIC_SEQ_CST);
	others_get_on(&scq, 3); /* no thread ever takes this index */
	scq_free(&scq);

	assert_int_equal(scq_init(&scq, 4, 0), 0);
	assert_true(scq_index_pop(&scq.free, &index));
	others_get_on(&scq, 3); /* the suspended thread holds this index */
	__atomic_fetch_add(&scq.used.tail, 1, __ATOMIC_SEQ_CST);
	others_get_on(&scq,
		      3); /* the suspended thread now also holds a ticket */
	scq_index_push(&scq.used, index); /* the thread takes another ticket */
	assert_false(scq_is_empty(&scq));
	scq_free(&scq);
}

static void a_pop_suspended_at_any_step_stops_no_thread(void **state)
{
	struct scq scq;
	uint64_t index = 0, word;

	(void)state;
	assert_int_equal(scq_init(&scq, 4, 0), 0);
	__atomic_fetch_add(&scq.used.head, 1, __ATOMIC_SEQ_CST);
	assert_true(scq_push(&scq, 1));
	/* The message can be popped by the next pop, unless it belongs to the
	 * suspended ticket, whose thread will pop it. */
	if (scq_pop(&scq, &word))
		assert_int_equal(word, 1);
	others_get_on(&scq, 3);
	scq_free(&scq);

	assert_int_equal(scq_init(&scq, 4, 0), 0);
	assert_true(scq_push(&scq, 7));
	assert_true(scq_index_pop(&scq.used, &index));
	assert_int_equal(scq.words[index], 7);
	others_get_on(&scq, 3);
	__atomic_fetch_add(&scq.free.tail, 1, __ATOMIC_SEQ_CST);
	others_get_on(&scq, 3);
	scq_index_push(&scq.free, index);
	others_get_on(&scq,
		      4); /* the slot of the suspended thread is free again */
	scq_free(&scq);
}

/*
 * Pops that found no message are suspended before they decrement the threshold:
 * as many pops as the queue allows threads besides the producer.
 */
static void a_late_decrement_of_the_threshold_hides_no_message(void **state)
{
	(void)state;
	EACH(c, ring_capacities)
	{
		struct scq scq;
		uint64_t word;

		assert_int_equal(scq_init(&scq, ring_capacities[c], 0), 0);
		assert_true(scq_push(&scq, 1));
		assert_true(scq_pop(&scq, &word));
		for (int i = 0; i < SCQ_THREADS - 1; i++)
			assert_false(scq_pop(&scq, &word));
		assert_true(scq_push(&scq, 42));
		__atomic_fetch_sub(&scq.used.threshold, SCQ_THREADS - 1,
				   __ATOMIC_SEQ_CST);
		assert_true(scq_pop(&scq, &word));
		assert_int_equal(word, 42);
		scq_free(&scq);
	}
}

static void threads_lose_no_message_at_any_capacity(void **state)
{
	static const int crews[][2] = {
		{ 1, 1 }, { 2, 2 }, { 3, 1 }, { 1, 3 }
	};

	(void)state;
	EACH(c, ring_capacities)
	{
		struct ring_under_test made;

		assert_int_equal(
			scq_init(&made.scq, ring_capacities[c],
				 ring_starts[c % (sizeof(ring_starts) / 8)]),
			0);
		exchange(&made, crews[c % 4][0], crews[c % 4][1]);
		scq_free(&made.scq);
	}
}

static struct scq watched;

/* Each thread pushes before it pops, so the queue is never empty. */
static void pass_through(void)
{
	uint64_t word;

	meanwhile = NULL; /* prevents a recursive call */
	for (int i = 0; i < 5; i++) {
		assert_true(scq_push(&watched, 7));
		assert_true(scq_pop(&watched, &word));
	}
	meanwhile = pass_through;
}

static void a_queue_that_is_never_empty_never_reports_empty(void **state)
{
	(void)state;
	assert_int_equal(scq_init(&watched, 4, 0), 0);
	assert_true(scq_push(&watched, 7));
	meanwhile = pass_through;
	for (int i = 0; i < 1000; i++)
		assert_false(scq_is_empty(&watched));
	meanwhile = NULL;
	scq_free(&watched);
}

static void size_is_the_number_of_messages(void **state)
{
	(void)state;
	EACH(c, ring_capacities) EACH(s, ring_starts)
	{
		struct scq scq;
		size_t size = 0;
		uint64_t word;

		assert_int_equal(
			scq_init(&scq, ring_capacities[c], ring_starts[s]), 0);
		for (int lap = 0; lap < 3; lap++) {
			do
				assert_int_equal(scq_size(&scq), size);
			while (scq_push(&scq, 0) && ++size);
			assert_int_equal(size, ring_capacities[c]);
			do
				assert_int_equal(scq_size(&scq), size);
			while (scq_pop(&scq, &word) && size--);
			assert_int_equal(size, 0);
		}
		scq_free(&scq);
	}
}

static void impossible_capacities_are_refused(void **state)
{
	struct scq scq;

	(void)state;
	assert_int_equal(scq_init(&scq, 0, 0), -EINVAL);
	assert_int_equal(scq_init(&scq, SIZE_MAX, 0), -EINVAL);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_full_ring_returns_its_messages_in_order),
		TEST(an_empty_queue_can_be_popped_without_limit),
		TEST(a_push_suspended_at_any_step_stops_no_thread),
		TEST(a_pop_suspended_at_any_step_stops_no_thread),
		TEST(a_late_decrement_of_the_threshold_hides_no_message),
		TEST(threads_lose_no_message_at_any_capacity),
		TEST(a_queue_that_is_never_empty_never_reports_empty),
		TEST(size_is_the_number_of_messages),
		TEST(impossible_capacities_are_refused),
	};

	alarm(900);
	return cmocka_run_group_tests_name("scq", tests, NULL, NULL);
}
