/* SPDX-License-Identifier: BSD-2-Clause */
/* Which queues fail the checks after the window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "after_run.h"
#include "guards.h"
#include "ringbench_memory.h"

static uint64_t kept; /* the word in the queue; 0: none */
static int fails;     /* number of pushes that fail from now on */
static bool loses, invents;

static bool feed(struct channel *channel, uint64_t word)
{
	(void)channel;
	if (fails > 0) {
		fails--;
		return false;
	}
	kept = loses ? 0 : word;
	return true;
}

static void drain(struct channel *channel, void (*each)(void *, uint64_t),
		  void *arg)
{
	(void)channel;
	if (kept)
		each(arg, kept);
	if (kept && invents)
		each(arg, kept);
	kept = 0;
}

static struct backend backend = { .feed = feed, .drain = drain };
static struct channel channel;
static struct rig rig = { .backend = &backend,
			  .channels = &channel,
			  .queues = 1 };

static int reset(void **state)
{
	(void)state;
	guards_forget();
	kept = 0;
	fails = 0;
	loses = invents = false;
	backend.flags = 0;
	channel.closed = 0;
	return 0;
}

static void a_correct_queue_passes(void **state)
{
	(void)state;
	assert_null(after_run_failure(&rig));
}

static void a_message_left_by_the_scenario_is_not_a_fault(void **state)
{
	(void)state;
	kept = 77;
	assert_null(after_run_failure(&rig));
}

static void a_failed_push_is_tried_again(void **state)
{
	(void)state;
	fails = 3;
	assert_null(after_run_failure(&rig));
}

static void a_queue_that_stays_full_fails(void **state)
{
	(void)state;
	fails = INT32_MAX;
	assert_non_null(after_run_failure(&rig));
}

static void a_closed_queue_with_a_native_wait_may_refuse_messages(void **state)
{
	(void)state;
	fails = INT32_MAX;
	channel.closed = 1;
	assert_non_null(after_run_failure(&rig));
	backend.flags = BACKEND_NATIVE_WAIT;
	assert_null(after_run_failure(&rig));
}

static void a_queue_that_loses_or_repeats_its_next_message_fails(void **state)
{
	(void)state;
	loses = true;
	assert_non_null(after_run_failure(&rig));
	loses = false;
	invents = true;
	assert_non_null(after_run_failure(&rig));
}

static void a_write_beyond_allocated_memory_fails(void **state)
{
	const size_t sizes[] = { 0, 1, 100, 128, 4096 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		volatile unsigned char *memory;

		guards_forget();
		memory = ringbench_alloc_lines(sizes[i]);
		assert_non_null(memory);
		if (sizes[i])
			memory[sizes[i] - 1] = 1;
		assert_null(after_run_failure(&rig));
		memory[sizes[i]] ^= 1;
		assert_non_null(after_run_failure(&rig));
		free((void *)memory);
	}
}

static void memory_of_an_earlier_phase_is_not_read(void **state)
{
	volatile unsigned char *memory = ringbench_alloc_lines(8);

	(void)state;
	assert_non_null(memory);
	memory[8] ^= 1;
	guards_forget();
	assert_true(guards_are_whole());
	free((void *)memory);
}

/* A large block is a mapping of its own, which free() removes. */
static void unmapped_memory_is_not_read(void **state)
{
	void *memory = ringbench_alloc_lines(64 << 20);

	(void)state;
	assert_non_null(memory);
	free(memory);
#ifndef __SANITIZE_ADDRESS__ /* the address sanitizer keeps released memory \
				mapped */
	assert_true(guards_are_whole());
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_correct_queue_passes, reset),
		cmocka_unit_test_setup(
			a_message_left_by_the_scenario_is_not_a_fault, reset),
		cmocka_unit_test_setup(a_failed_push_is_tried_again, reset),
		cmocka_unit_test_setup(a_queue_that_stays_full_fails, reset),
		cmocka_unit_test_setup(
			a_closed_queue_with_a_native_wait_may_refuse_messages,
			reset),
		cmocka_unit_test_setup(
			a_queue_that_loses_or_repeats_its_next_message_fails,
			reset),
		cmocka_unit_test_setup(a_write_beyond_allocated_memory_fails,
				       reset),
		cmocka_unit_test_setup(memory_of_an_earlier_phase_is_not_read,
				       reset),
		cmocka_unit_test_setup(unmapped_memory_is_not_read, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
