/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The verification of handshake finds messages that are repeated, left over,
 * changed or not doubled. A real producer runs in a thread. The test is the
 * consumer and changes the messages as a faulty queue does.
 */
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "record.h"
#include "verification_rig.h"

enum {
	CONSUMER = 1,
	HANG_SECONDS =
		60, /* limit after which the program ends, if a thread hangs */
};

static pthread_t producer;

static void *produce(void *arg)
{
	(void)arg;
	rig.parts[0].loop(&rig.workers[0]);
	return NULL;
}

static void start(const char *lines, uint64_t messages)
{
	set_up(lines);
	rig.workers[0].limit = messages;
	assert_int_equal(pthread_create(&producer, NULL, produce, NULL), 0);
}

static void end_and_verify(void)
{
	pthread_join(producer, NULL);
	verify();
}

#define HANDSHAKE "scenario handshake\nwait spin\n"

static void keep(void *arg, uint64_t word)
{
	*(uint64_t *)arg = word;
}

/* Pops the message of the producer; waits until it is pushed. */
static uint64_t intercept(void)
{
	uint64_t word = 0;

	while (!word) {
		sched_yield();
		rig.backend->drain(&rig.channels[0], keep, &word);
	}
	return word;
}

static void assert_answered(const char *lines)
{
	start(lines, 100);
	take(CONSUMER, 100);
	end_and_verify();
	assert_verification(0, 0, 0);
	assert_int_equal(verification.messages, 100);
	assert_int_equal(verification.left_over, 0);
	assert_null(verification.failure);
}

static void answered_messages_pass(void **state)
{
	(void)state;
	assert_answered(HANDSHAKE "event futex\nend\n");
	assert_answered(HANDSHAKE "event cond\nend\n");
	assert_answered(HANDSHAKE "event sem\nend\n");
	assert_answered(HANDSHAKE "event eventfd\nend\n");
}

static void a_repeated_message_is_a_repetition(void **state)
{
	uint64_t word;

	(void)state;
	start(HANDSHAKE "event eventfd\nend\n", 1);
	word = intercept();
	feed(word);
	feed(word);
	take(CONSUMER, 2);
	end_and_verify();
	assert_verification(0, 1, 0);
	assert_int_equal(verification.messages, 1);
}

static void a_message_left_in_the_queue_is_a_repetition(void **state)
{
	uint64_t word;

	(void)state;
	start(HANDSHAKE "end\n", 1);
	word = intercept();
	feed(word);
	take(CONSUMER, 1);
	feed(word);
	end_and_verify();
	assert_verification(0, 1, 0);
	assert_int_equal(verification.left_over, 1);
}

/* The producer must end, or this test would hang. */
static void assert_lost(uint64_t flipped)
{
	start(HANDSHAKE "end\n", 1);
	feed(intercept() ^ flipped);
	take(CONSUMER, 1);
	end_and_verify();
	assert_verification(1, 0, 0);
	assert_int_equal(verification.messages, 0);
}

static void a_message_that_was_changed_is_a_loss(void **state)
{
	(void)state;
	assert_lost(UINT64_C(1) << 60);
	assert_lost(8);
}

static void a_number_that_was_not_doubled_is_a_failure(void **state)
{
	uint64_t word;

	(void)state;
	start(HANDSHAKE "end\n", 1);
	word = intercept();
	/* A message begins with its number. */
	++*(uint64_t *)(uintptr_t)word;
	feed(word);
	take(CONSUMER, 1);
	end_and_verify();
	assert_verification(0, 0, 0);
	assert_non_null(verification.failure);
	assert_int_equal(verification.messages, 0);
}

static uint64_t count_of(const char *text)
{
	uint64_t low, count, sum = 0;
	int used;

	while (sscanf(text, "%" SCNu64 ":%" SCNu64 "%n", &low, &count, &used) ==
	       2) {
		sum += count;
		text += used + (text[used] == '+');
	}
	assert_string_equal(text, "");
	return sum;
}

static void every_wake_up_is_in_the_histogram(void **state)
{
	struct record record;

	(void)state;
	record_init(&record, &results_schema);
	start(HANDSHAKE "end\n", 100);
	take(CONSUMER, 100);
	end_and_verify();
	cell.scenario->set_metrics(&rig, &record);
	assert_int_equal(
		count_of(record_text(&record, column_of("wake_histogram"))),
		100);
	assert_true(record_integer(&record, column_of("wake_p50_ns")) <=
		    record_integer(&record, column_of("wake_max_ns")));
	/* 100 samples are too few for a 99th percentile. */
	assert_false(record_has(&record, column_of("wake_p99_ns")));
	assert_int_equal(rig.workers[0].empty.waits, 100);
}

static void without_a_message_there_is_no_wake_up_to_set_metrics(void **state)
{
	struct record record;

	(void)state;
	record_init(&record, &results_schema);
	set_up(HANDSHAKE "end\n");
	verify();
	cell.scenario->set_metrics(&rig, &record);
	assert_false(record_has(&record, column_of("wake_p50_ns")));
	assert_false(record_has(&record, column_of("wake_histogram")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answered_messages_pass),
		TEST(a_repeated_message_is_a_repetition),
		TEST(a_message_left_in_the_queue_is_a_repetition),
		TEST(a_message_that_was_changed_is_a_loss),
		TEST(a_number_that_was_not_doubled_is_a_failure),
		TEST(every_wake_up_is_in_the_histogram),
		TEST(without_a_message_there_is_no_wake_up_to_set_metrics),
	};

	alarm(HANG_SECONDS);
	return cmocka_run_group_tests_name("verdict of handshake", tests, NULL,
					   NULL);
}
