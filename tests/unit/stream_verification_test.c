/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lost, repeated, swapped or invented messages of stream are planted into a
 * real queue and popped by the real loops. verify() must find them.
 */
#include "verification_rig.h"

/*
 * One producer sent 1 to 10, and `arrived` arrived. The consumer pops some of
 * them and the rest is drained. The result must not depend on the number of
 * drained messages.
 */
static void assert_stream(const char *arrived, uint64_t lost, uint64_t repeated,
			  uint64_t reordered)
{
	int length = 0, word, bytes;

	for (const char *c = arrived; sscanf(c, "%d%n", &word, &bytes) == 1;
	     c += bytes)
		length++;
	for (int taken = 0; taken <= length; taken++) {
		set_up("scenario stream\nwait poll\nend\n");
		rig.workers[0].messages = 10;
		for (const char *c = arrived;
		     sscanf(c, "%d%n", &word, &bytes) == 1; c += bytes)
			feed((uint64_t)word);
		take(1, (uint64_t)taken);
		verify();
		assert_int_equal(verification.messages, taken);
		assert_int_equal(verification.left_over, length - taken);
		assert_verification(lost, repeated, reordered);
	}
}

static void messages_in_order_pass(void **state)
{
	(void)state;
	assert_stream("1 2 3 4 5 6 7 8 9 10", 0, 0, 0);
}

static void a_lost_message_is_found_wherever_it_was(void **state)
{
	(void)state;
	assert_stream("1 2 3 4 6 7 8 9 10", 1, 0, 0);
	assert_stream("2 3 4 5 6 7 8 9 10", 1, 0, 0);
	assert_stream("1 2 3 4 5 6 7 8 9", 1, 0, 0);
	assert_stream("1 3 5 7 9", 5, 0, 0);
	assert_stream("10", 9, 0, 0);
	assert_stream("", 10, 0, 0);
}

static void a_repeated_message_is_found_at_once_and_later(void **state)
{
	(void)state;
	assert_stream("1 2 3 4 5 5 6 7 8 9 10", 0, 1, 0);
	assert_stream("1 1 2 3 4 5 6 7 8 9 10", 0, 1, 0);
	assert_stream("1 2 3 4 5 6 7 8 9 10 10", 0, 1, 0);
	assert_stream("1 2 3 4 5 6 7 8 9 10 3", 0, 1, 0);
	assert_stream("1 2 3 4 5 3 4 5 6 7 8 9 10", 0, 3, 0);
}

static void swapped_messages_are_reordered_and_not_lost(void **state)
{
	(void)state;
	assert_stream("2 1 3 4 5 6 7 8 9 10", 0, 0, 1);
	assert_stream("1 2 3 5 4 6 7 8 9 10", 0, 0, 1);
	assert_stream("1 2 3 4 5 6 7 8 10 9", 0, 0, 1);
	assert_stream("10 9 8 7 6 5 4 3 2 1", 0, 0, 9);
}

static void faults_of_several_kinds_are_distinguished(void **state)
{
	(void)state;
	/* 2 is lost, 5 is repeated, 7 and 8 are swapped. */
	assert_stream("1 3 4 5 5 6 8 7 9 10", 1, 1, 1);
}

static void a_changed_word_is_a_loss(void **state)
{
	(void)state;
	assert_stream("1 2 3 4 0 6 7 8 9 10", 1, 0, 0);
	set_up("scenario stream\nwait poll\nend\n");
	rig.workers[0].messages = 3;
	feed(1);
	feed(WORD(9, 2)); /* a producer that does not exist */
	feed(3);
	take(1, 3);
	verify();
	assert_verification(1, 0, 0);
}

static void an_additional_word_is_found(void **state)
{
	(void)state;
	set_up("scenario stream\nwait poll\nend\n");
	rig.workers[0].messages = 2;
	feed(1);
	feed(WORD(63, 1));
	feed(2);
	take(1, 3);
	verify();
	assert_verification(1, 0, 0);
}

/* A word with a larger number than the last sent word. No word is missing, so
 * no count may become negative. */
static void a_word_that_was_not_sent_yet_is_found(void **state)
{
	(void)state;
	assert_stream("1 2 3 4 5 6 7 8 9 10 11", 1, 0, 0);
	assert_stream("1 2 3 4 5 6 7 8 9 10 15", 1, 0, 0);
	assert_stream("1 2 3 4 5 6 7 8 9 10 11 12", 2, 0, 0);
	/* A word that replaces a lost word must not hide the loss. */
	assert_stream("1 2 3 4 6 7 8 9 10 11", 1, 0, 0);
}

static void a_bound_without_messages_is_not_verified(void **state)
{
	(void)state;
	set_up("scenario stream\nbackend null\nwait poll\nend\n");
	rig.workers[0].messages = 50;
	take(1, 10);
	verify();
	assert_int_equal(verification.messages, 10);
	assert_verification(0, 0, 0);
}

static void two_producers(uint64_t first, uint64_t second)
{
	set_up("scenario stream\nwait poll\nproducers 2\nend\n");
	rig.workers[0].messages = first;
	rig.workers[1].messages = second;
}

static void any_interleaving_of_producers_passes(void **state)
{
	static const uint64_t words[] = { WORD(1, 1), 1, 2,
					  WORD(1, 2), 3, WORD(1, 3),
					  WORD(1, 4) };

	(void)state;
	for (uint64_t taken = 0; taken <= 7; taken++) {
		two_producers(3, 4);
		for (int i = 0; i < 7; i++)
			feed(words[i]);
		take(2, taken);
		verify();
		assert_verification(0, 0, 0);
		assert_int_equal(verification.left_over, 7 - taken);
	}
}

static void each_producer_has_its_own_order(void **state)
{
	(void)state;
	two_producers(2, 2);
	feed(1);
	feed(WORD(1, 2));
	feed(2);
	feed(WORD(1, 1));
	take(2, 4);
	verify();
	assert_verification(0, 0, 1);
}

static void a_loss_of_either_producer_is_found(void **state)
{
	(void)state;
	two_producers(2, 2);
	feed(1);
	feed(2);
	feed(WORD(1, 1));
	take(2, 3);
	verify();
	assert_verification(1, 0, 0);
	/* All words of one producer, and words of the other producer twice. */
	two_producers(2, 2);
	for (int i = 0; i < 2; i++) {
		feed(1);
		feed(2);
	}
	take(2, 4);
	verify();
	assert_true(verification.lost > 0 && verification.repeated > 0);
}

/* One producer sent 1 to 6. One consumer got `a`, the other consumer got
 * `b`. */
static void two_consumers(const uint64_t a[], uint64_t of_a, const uint64_t b[],
			  uint64_t of_b, const uint64_t left[], int of_left)
{
	set_up("scenario stream\nwait poll\nconsumers 2\nend\n");
	rig.workers[0].messages = 6;
	for (uint64_t i = 0; i < of_a; i++)
		feed(a[i]);
	take(1, of_a);
	for (uint64_t i = 0; i < of_b; i++)
		feed(b[i]);
	take(2, of_b);
	for (int i = 0; i < of_left; i++)
		feed(left[i]);
	verify();
}

static const uint64_t odd[] = { 1, 3, 5 }, even[] = { 2, 4, 6 };
static const uint64_t two_four[] = { 2, 4 }, six[] = { 6 };
static const uint64_t made_up[] = { 2, 4, 7 }, again[] = { 2, 3, 4, 6 };
static const uint64_t falling[] = { 4, 2, 6 };
static const uint64_t nothing[] = { 0 };

static void any_distribution_over_consumers_passes(void **state)
{
	(void)state;
	two_consumers(odd, 3, even, 3, nothing, 0);
	assert_verification(0, 0, 0);
	two_consumers(odd, 3, two_four, 2, six, 1);
	assert_verification(0, 0, 0);
	assert_int_equal(verification.left_over, 1);
}

static void several_consumers_find_loss_and_repetition_by_count(void **state)
{
	(void)state;
	two_consumers(odd, 3, two_four, 2, nothing, 0);
	assert_verification(1, 0, 0);
	two_consumers(odd, 3, again, 4, nothing, 0);
	assert_verification(0, 1, 0);
	two_consumers(odd, 3, even, 3, six, 1);
	assert_verification(0, 1, 0);
}

static void several_consumers_find_an_invented_word_by_sum(void **state)
{
	(void)state;
	two_consumers(odd, 3, made_up, 3, nothing, 0);
	assert_verification(1, 0, 0);
}

static void each_of_several_consumers_must_get_rising_numbers(void **state)
{
	(void)state;
	two_consumers(odd, 3, falling, 3, nothing, 0);
	assert_verification(0, 0, 1);
}

/* The words of each consumer rise, and number and sum are right. */
static void words_that_only_have_the_right_sum_are_found(void **state)
{
	static const uint64_t words[] = { 1, 4, 5, 1, 4, 6 };

	(void)state;
	set_up("scenario stream\nwait poll\nconsumers 2\nend\n");
	rig.workers[0].messages = 6;
	for (int i = 0; i < 6; i++)
		feed(words[i]);
	take(1, 3);
	take(2, 3);
	verify();
	assert_verification(1, 0, 0);
}

/* Some words are popped by the loops, and some by the drain. */
static void words_of_several_producers_and_consumers_add_up(void **state)
{
	(void)state;
	set_up("scenario stream\nwait poll\nproducers 2\nconsumers 2\nend\n");
	rig.workers[0].messages = rig.workers[1].messages = 3;
	for (uint64_t n = 1; n <= 3; n++) {
		feed(WORD(1, n));
		feed(n);
	}
	take(2, 2);
	take(3, 1);
	verify();
	assert_verification(0, 0, 0);
	assert_int_equal(verification.left_over, 3);
}

/* A backend that promises an order only with one producer and one consumer. */
static void let_many_threads_overtake(void)
{
	static struct backend unordered;

	unordered = *rig.backend;
	unordered.flags |= BACKEND_MANY_UNORDERED;
	rig.backend = &unordered;
	rig.workers[0].messages = 0;
	assert_int_equal(cell.scenario->load(&rig), 0);
}

static void without_a_promised_order_messages_may_overtake(void **state)
{
	(void)state;
	set_up("scenario stream\nproducers 2\nwait poll\nend\n");
	let_many_threads_overtake();
	rig.workers[0].messages = 3;
	rig.workers[1].messages = 1;
	feed(2);
	feed(WORD(1, 1));
	feed(3);
	feed(1);
	take(2, 4);
	verify();
	assert_verification(0, 0, 0);
}

static void without_a_promised_order_loss_and_repetition_are_found(void **state)
{
	(void)state;
	for (int repeated = 0; repeated < 2; repeated++) {
		set_up("scenario stream\nproducers 2\nwait poll\nend\n");
		let_many_threads_overtake();
		rig.workers[0].messages = 3;
		feed(2);
		feed(3);
		if (repeated) {
			feed(1);
			feed(2);
		}
		take(2, 2);
		verify();
		assert_verification(!repeated, repeated, 0);
	}
	/* The number of words is right, but one word is repeated and one is
	 * lost. */
	set_up("scenario stream\nproducers 2\nwait poll\nend\n");
	let_many_threads_overtake();
	rig.workers[0].messages = 3;
	feed(2);
	feed(3);
	feed(2);
	take(2, 3);
	verify();
	assert_verification(1, 0, 0);
}

static void one_producer_and_consumer_must_keep_the_order(void **state)
{
	(void)state;
	set_up("scenario stream\nwait poll\nend\n");
	let_many_threads_overtake();
	rig.workers[0].messages = 2;
	feed(2);
	feed(1);
	take(1, 2);
	verify();
	assert_verification(0, 0, 1);
}

static void a_sentinel_that_was_not_sent_is_found(void **state)
{
	(void)state;
	set_up("scenario stream\nwait poll\nend\n");
	rig.workers[0].messages = 2;
	feed(1);
	feed(2);
	feed(WORD_SENTINEL);
	rig.parts[1].loop(&rig.workers[1]);
	verify();
	assert_verification(1, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_in_order_pass),
		TEST(a_lost_message_is_found_wherever_it_was),
		TEST(a_repeated_message_is_found_at_once_and_later),
		TEST(swapped_messages_are_reordered_and_not_lost),
		TEST(faults_of_several_kinds_are_distinguished),
		TEST(a_changed_word_is_a_loss),
		TEST(an_additional_word_is_found),
		TEST(a_word_that_was_not_sent_yet_is_found),
		TEST(a_bound_without_messages_is_not_verified),
		TEST(any_interleaving_of_producers_passes),
		TEST(each_producer_has_its_own_order),
		TEST(a_loss_of_either_producer_is_found),
		TEST(any_distribution_over_consumers_passes),
		TEST(several_consumers_find_loss_and_repetition_by_count),
		TEST(several_consumers_find_an_invented_word_by_sum),
		TEST(each_of_several_consumers_must_get_rising_numbers),
		TEST(words_that_only_have_the_right_sum_are_found),
		TEST(words_of_several_producers_and_consumers_add_up),
		TEST(without_a_promised_order_messages_may_overtake),
		TEST(without_a_promised_order_loss_and_repetition_are_found),
		TEST(one_producer_and_consumer_must_keep_the_order),
		TEST(a_sentinel_that_was_not_sent_is_found),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
