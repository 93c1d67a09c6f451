/* SPDX-License-Identifier: BSD-2-Clause */
/* The verification of pingpong finds a lost, repeated or torn message. */
#include "verification_rig.h"

/* Sets up a pingpong after 10 pops. Its message has these numbers. */
static struct pingpong_message *pingpong(uint64_t a, uint64_t b, uint64_t c)
{
	struct pingpong_message *message;

	set_up("wait poll\nend\n");
	message = rig.state;
	message->number[0] = a;
	message->number[1] = b;
	message->number[2] = c;
	rig.workers[0].messages = 4;
	rig.workers[1].messages = 6;
	return message;
}

static void a_pingpong_with_its_message_passes(void **state)
{
	(void)state;
	pingpong(11, 12, 13);
	verify();
	assert_verification(0, 0, 0);
	assert_int_equal(verification.messages, 10);
	assert_int_equal(verification.left_over, 1);
}

static void drop(void *arg, uint64_t word)
{
	(void)arg;
	(void)word;
}

static void a_missing_message_is_a_loss(void **state)
{
	(void)state;
	pingpong(11, 12, 13);
	rig.backend->drain(&rig.channels[0], drop, NULL);
	verify();
	assert_verification(1, 0, 0);
	/* Exception: a thread could not push the message back before the
	 * end. */
	pingpong(11, 12, 13);
	rig.backend->drain(&rig.channels[0], drop, NULL);
	rig.workers[1].held = 1;
	verify();
	assert_verification(0, 0, 0);
	assert_int_equal(verification.left_over, 1);
}

static void two_remaining_messages_are_a_repetition(void **state)
{
	struct pingpong_message *message = pingpong(11, 12, 13);

	(void)state;
	rig.backend->feed(&rig.channels[1], (uintptr_t)message);
	verify();
	assert_verification(0, 1, 0);
	message = pingpong(11, 12, 13);
	rig.workers[0].held = 1;
	verify();
	assert_verification(0, 1, 0);
}

static void another_remaining_word_is_not_the_message(void **state)
{
	struct pingpong_message *message = pingpong(11, 12, 13);

	(void)state;
	rig.backend->drain(&rig.channels[0], drop, NULL);
	rig.backend->feed(&rig.channels[0], (uintptr_t)message ^ 8);
	verify();
	assert_verification(1, 0, 0);
}

static void numbers_that_do_not_follow_each_other_are_a_loss(void **state)
{
	(void)state;
	pingpong(11, 11, 13);
	verify();
	assert_verification(1, 0, 0);
	pingpong(11, 12, 12);
	verify();
	assert_verification(1, 0, 0);
}

static void pops_without_an_increment_are_a_repetition(void **state)
{
	(void)state;
	pingpong(10, 11, 12);
	verify();
	assert_verification(0, 1, 0);
	pingpong(12, 13, 14);
	verify();
	assert_verification(0, 1, 0);
}

static void a_word_that_was_never_pushed_is_a_loss(void **state)
{
	(void)state;
	pingpong(11, 12, 13);
	rig.workers[0].order.foreign = 1;
	verify();
	assert_verification(1, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pingpong_with_its_message_passes),
		TEST(a_missing_message_is_a_loss),
		TEST(two_remaining_messages_are_a_repetition),
		TEST(another_remaining_word_is_not_the_message),
		TEST(numbers_that_do_not_follow_each_other_are_a_loss),
		TEST(pops_without_an_increment_are_a_repetition),
		TEST(a_word_that_was_never_pushed_is_a_loss),
	};

	return cmocka_run_group_tests_name("verdict of pingpong", tests, NULL,
					   NULL);
}
