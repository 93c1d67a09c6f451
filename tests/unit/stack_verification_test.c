/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of stream that a stack lost, repeated or changed. A stack has no
 * order to check, so count, sum and sum of squares must show the fault.
 */
#include "verification_rig.h"

/*
 * One producer sent 1 to 10, and `words` are on the stack. The consumer pops
 * some of them and the rest is drained. The result must not depend on the
 * number of drained words.
 */
static void assert_stack(const char *words, uint64_t lost, uint64_t repeated)
{
	int length = 0, word, bytes;

	for (const char *c = words; sscanf(c, "%d%n", &word, &bytes) == 1;
	     c += bytes)
		length++;
	for (int taken = 0; taken <= length; taken++) {
		set_up("scenario stream\nbackend mutex_lifo\nwait poll\nend\n");
		rig.workers[0].messages = 10;
		for (const char *c = words;
		     sscanf(c, "%d%n", &word, &bytes) == 1; c += bytes)
			feed((uint64_t)word);
		take(1, (uint64_t)taken);
		verify();
		assert_int_equal(verification.messages, taken);
		assert_int_equal(verification.left_over, length - taken);
		assert_verification(lost, repeated, 0);
	}
}

static void any_order_passes(void **state)
{
	(void)state;
	assert_stack("1 2 3 4 5 6 7 8 9 10", 0, 0);
	assert_stack("10 9 8 7 6 5 4 3 2 1", 0, 0);
	assert_stack("3 1 4 10 5 9 2 6 8 7", 0, 0);
}

static void lost_messages_are_counted(void **state)
{
	(void)state;
	assert_stack("1 2 3 4 6 7 8 9 10", 1, 0);
	assert_stack("2 3 4 5 6 7 8 9", 2, 0);
	assert_stack("", 10, 0);
}

static void repeated_messages_are_counted(void **state)
{
	(void)state;
	assert_stack("1 2 3 4 5 5 6 7 8 9 10", 0, 1);
	assert_stack("1 2 3 4 5 6 7 8 9 10 1 2", 0, 2);
}

static void a_replaced_message_changes_the_sum(void **state)
{
	(void)state;
	assert_stack("1 2 3 4 4 6 7 8 9 10", 1, 1);
	assert_stack("1 2 3 4 5 6 7 8 9 11", 1, 1);
}

/* 4 + 6 = 5 + 5, and 1 + 10 = 2 + 9: only the squares differ. */
static void errors_that_cancel_in_the_sum_change_the_squares(void **state)
{
	(void)state;
	assert_stack("1 2 3 5 5 5 7 8 9 10", 1, 1);
	assert_stack("2 2 3 4 5 6 7 8 9 9", 1, 1);
}

static void two_producers(uint64_t first, uint64_t second)
{
	set_up("scenario stream\nbackend mutex_lifo\nwait poll\nproducers 2\n"
	       "consumers 2\nend\n");
	rig.workers[0].messages = first;
	rig.workers[1].messages = second;
}

static void several_producers_and_consumers_are_added_up(void **state)
{
	static const uint64_t words[] = { WORD(1, 2), 1, WORD(1, 1),
					  3,	      2, WORD(1, 3) };

	(void)state;
	for (uint64_t taken = 0; taken <= 6; taken++) {
		two_producers(3, 3);
		for (int i = 0; i < 6; i++)
			feed(words[i]);
		take(2, taken / 2);
		take(3, taken - taken / 2);
		verify();
		assert_int_equal(verification.messages, taken);
		assert_int_equal(verification.left_over, 6 - taken);
		assert_verification(0, 0, 0);
	}
}

/* Sum and count equal those of 1, 2, 3 from both producers. */
static void a_swap_between_producers_changes_the_squares(void **state)
{
	(void)state;
	two_producers(2, 2);
	feed(2);
	feed(2);
	feed(WORD(1, 1));
	feed(WORD(1, 1));
	take(2, 4);
	verify();
	assert_verification(1, 1, 0);
}

static void a_producer_that_sent_nothing_adds_nothing(void **state)
{
	(void)state;
	two_producers(0, 1);
	feed(WORD(1, 1));
	take(3, 1);
	verify();
	assert_verification(0, 0, 0);
}

/* The closed formulas for the largest possible words. */
static void
the_series_is_right_for_many_messages_of_the_last_producer(void **state)
{
	enum {
		COUNT = 100000
	};
	uint64_t first = WORD(PRODUCERS_MAX - 1, 1);

	(void)state;
	set_up("scenario stream\nbackend mutex_lifo\nwait poll\nend\n");
	rig.workers[0].first = first;
	rig.workers[0].messages = COUNT;
	for (uint64_t i = 0; i < COUNT; i++) {
		feed(first + i);
		take(1, 1);
		rig.workers[0].sum += rig.workers[1].sum;
		rig.workers[0].squares += rig.workers[1].squares;
	}
	rig.workers[1].messages = COUNT;
	rig.workers[1].sum = rig.workers[0].sum;
	rig.workers[1].squares = rig.workers[0].squares;
	verify();
	assert_verification(0, 0, 0);
	assert_int_equal(verification.messages, COUNT);
}

static void a_sentinel_on_a_stack_is_refused(void **state)
{
	static char lines[] = "scenario stream\nbackend mutex_lifo\n"
			      "wait poll\nstop sentinel\nend\n";
	FILE *from = fmemopen(lines, sizeof(lines) - 1, "r");
	struct fault fault;

	(void)state;
	assert_int_not_equal(cell_read(&cell, from, &fault), 0);
	fclose(from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_order_passes),
		TEST(lost_messages_are_counted),
		TEST(repeated_messages_are_counted),
		TEST(a_replaced_message_changes_the_sum),
		TEST(errors_that_cancel_in_the_sum_change_the_squares),
		TEST(several_producers_and_consumers_are_added_up),
		TEST(a_swap_between_producers_changes_the_squares),
		TEST(a_producer_that_sent_nothing_adds_nothing),
		TEST(the_series_is_right_for_many_messages_of_the_last_producer),
		cmocka_unit_test(a_sentinel_on_a_stack_is_refused),
	};

	return cmocka_run_group_tests_name("stack verdict", tests, NULL, NULL);
}
