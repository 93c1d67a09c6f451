/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the verification says about the first wrong message if two consumers pop
 * the messages of two producers. Faults are planted into a real queue.
 */
#include "verification_rig.h"

#define PLAIN "scenario stream\nwait poll\nproducers 2\nconsumers 2\n"
/* All popped words are recorded. */
#define RECORDED PLAIN "rate 1000000\n"

/*
 * Each producer sent 1 to 6. The consumers get the words of `a` and `b`; the
 * words of `left` stay in the queue. A word is the number, with 100 added for
 * producer 1; -1 is a word that no producer sent.
 */
static void pop(const char *lines, const char *const texts[3])
{
	char cell_lines[256];
	int word, bytes;

	snprintf(cell_lines, sizeof(cell_lines), "%send\n", lines);
	set_up(cell_lines);
	rig.workers[0].messages = rig.workers[1].messages = 6;
	for (int i = 0; i < 3; i++) {
		uint64_t count = 0;

		for (const char *c = texts[i];
		     sscanf(c, "%d%n", &word, &bytes) == 1; c += bytes) {
			feed(word < 0 ? WORD(77, 5)
				      : WORD(word / 100, (uint64_t)word % 100));
			count++;
		}
		if (i < 2)
			take(2 + i, count);
	}
	verify();
}

static void assert_first(const char *lines, const char *a, const char *b,
			 const char *left, const char *says)
{
	pop(lines, (const char *const[]){ a, b, left });
	assert_string_equal(verification.first, says);
}

static void correct_messages_are_not_described(void **state)
{
	(void)state;
	assert_first(PLAIN, "1 2 101 4 5 106", "3 102 103 104 105", "6", "");
	assert_first(RECORDED, "1 2 101 4 5 106", "3 102 103 104 105", "6", "");
}

static void one_lost_number_is_computed_from_the_sums(void **state)
{
	(void)state;
	assert_first(PLAIN, "1 2 101 4 5 6", "3 102 103 105 106", "",
		     "the first: producer 1: 4 is missing between 3 and 5");
	assert_first(PLAIN, "2 101 4 5 6", "3 102 103 104 105", "106",
		     "the first: producer 0: 1 is missing between the start "
		     "and 2");
	assert_first(PLAIN, "1 2 101 4 5", "3 102 103 104 105 106", "",
		     "the first: producer 0: 6 is missing between 5 and the "
		     "end");
}

static void one_repeated_number_is_computed_from_the_sums(void **state)
{
	(void)state;
	assert_first(PLAIN, "1 2 101 4 5 6", "3 5 102 103 104 105 106", "",
		     "the first: producer 0: 5 was popped twice");
}

static void one_replaced_number_is_computed_from_the_sums(void **state)
{
	(void)state;
	assert_first(PLAIN, "1 2 101 4 5 6", "3 5 102 103 105 106", "",
		     "the first: producer 1: 4 is missing between 3 and 5; "
		     "producer 0: 5 was popped twice");
}

static void an_invented_word_is_shown(void **state)
{
	(void)state;
	assert_first(PLAIN, "1 2 101 4 5 6", "3 102 103 104 105 106", "-1",
		     "the first: a word that no producer sent: "
		     "0x4d000000000005");
}

static void a_word_that_one_consumer_got_late_is_shown(void **state)
{
	(void)state;
	assert_first(PLAIN, "1 2 101 4 5 6", "3 103 102 104 105 106", "",
		     "the first: producer 1: after 3 came 2 at consumer 1");
	assert_first(RECORDED, "1 2 101 4 5 6", "3 103 102 104 105 106", "",
		     "the first: producer 1: after 3 came 2 at consumer 1");
}

static void more_wrong_numbers_have_to_be_recorded(void **state)
{
	(void)state;
	assert_first(PLAIN, "1 2 101 4 5 6", "3 102 103", "",
		     "to see the first, record all messages with --rate 10M/s");
}

static void recorded_lost_numbers_are_shown_with_their_neighbours(void **state)
{
	(void)state;
	assert_first(RECORDED, "1 2 101 4 6", "3 102 103", "106",
		     "the first: producer 0: 5 is missing between 4 (consumer "
		     "0) and 6 (consumer 0)");
	assert_first(RECORDED, "1 2 101 4 5", "3 6 102 103", "106",
		     "the first: producer 1: 4 is missing between 3 (consumer "
		     "1) and 5 (missing)");
	assert_first(RECORDED, "1 2 101 4 5", "3 6 102 103 104", "106",
		     "the first: producer 1: 5 is missing between 4 (consumer "
		     "1) and 6 (left in the queue)");
	assert_first(RECORDED, "3 101 4 5", "6 102 103 104 105", "106",
		     "the first: producer 0: 1 is missing between the start "
		     "and 2 (missing)");
}

static void recorded_repeated_numbers_are_shown_with_both_places(void **state)
{
	(void)state;
	assert_first(RECORDED, "1 2 101 4 5 6", "3 5 102 103 104 105 106", "",
		     "the first: producer 0: 5 was popped twice: consumer 0 "
		     "after 4, consumer 1 after 3");
	assert_first(RECORDED, "1 2 101 4 5 6", "1 3 102 103 104 105 106", "",
		     "the first: producer 0: 1 was popped twice: consumer 0 as "
		     "the first, consumer 1 as the first");
	/* 104 is lost. */
	assert_first(RECORDED, "1 2 101 4 5 6", "3 102 103 105", "106 106",
		     "the first: producer 1: 6 was popped twice: left in the "
		     "queue as the first, left in the queue after 6; producer "
		     "1: 4 is missing between 3 (consumer 1) and 5 (consumer "
		     "1)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(correct_messages_are_not_described),
		TEST(one_lost_number_is_computed_from_the_sums),
		TEST(one_repeated_number_is_computed_from_the_sums),
		TEST(one_replaced_number_is_computed_from_the_sums),
		TEST(an_invented_word_is_shown),
		TEST(a_word_that_one_consumer_got_late_is_shown),
		TEST(more_wrong_numbers_have_to_be_recorded),
		TEST(recorded_lost_numbers_are_shown_with_their_neighbours),
		TEST(recorded_repeated_numbers_are_shown_with_both_places),
	};

	return cmocka_run_group_tests_name("first", tests, NULL, NULL);
}
