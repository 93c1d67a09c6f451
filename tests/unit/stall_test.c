/* SPDX-License-Identifier: BSD-2-Clause */
/* Stalls at the end of made-up windows, and shares that are too small. */
#include "stall.h"
#include "tally_rig.h"

/* Both threads began at 1 s; the stop was requested 100 ms later. */
static void window_of_100_ms(void)
{
	pingpong();
	rig.request_ns = accounts[0].start_ns + ELAPSED_NS;
	for (int i = 0; i < THREADS; i++)
		accounts[i].elapsed_ns = ELAPSED_NS + RINGBENCH_NS_PER_MS;
}

/* The thread has waited for this time when the stop is requested. */
static void waits(int number, int64_t for_ns)
{
	struct waitclock *clock = &rig.workers[number].empty;

	clock->waits = 1001;
	clock->longest_end_ns = rig.request_ns + RINGBENCH_NS_PER_US;
	clock->longest_ns = for_ns + RINGBENCH_NS_PER_US;
	clock->total_ns = clock->longest_ns + 1000 * RINGBENCH_NS_PER_US;
}

static void all_threads_that_wait_for_long_are_a_stall(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	waits(1, 6 * RINGBENCH_NS_PER_MS);
	assert_true(rig_stalled(&rig, accounts));
	tally();
	assert_non_null(strstr(flags(), "stalled"));
}

static void a_working_thread_is_not_a_stall(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	assert_false(rig_stalled(&rig, accounts));
}

static void a_short_wait_is_not_a_stall(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	waits(1, 4 * RINGBENCH_NS_PER_MS);
	assert_false(rig_stalled(&rig, accounts));
}

static void a_wait_that_ended_before_the_stop_is_not_a_stall(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	waits(1, 50 * RINGBENCH_NS_PER_MS);
	rig.workers[1].empty.longest_end_ns = rig.request_ns - 1;
	assert_false(rig_stalled(&rig, accounts));
}

static void a_wait_of_usual_length_is_not_a_stall(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	waits(1, 10 * RINGBENCH_NS_PER_MS);
	rig.workers[1].empty.waits = 11;
	rig.workers[1].empty.total_ns = 40 * RINGBENCH_NS_PER_MS;
	assert_false(rig_stalled(&rig, accounts));
}

static void a_thread_without_a_cpu_is_not_a_stall(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	waits(1, 9 * RINGBENCH_NS_PER_MS);
	assert_true(rig_stalled(&rig, accounts));
	accounts[1].runqueue_ns = 4 * RINGBENCH_NS_PER_MS;
	assert_false(rig_stalled(&rig, accounts));
}

static void a_loop_that_ended_before_the_stop_is_stalled(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	accounts[1].elapsed_ns = 40 * RINGBENCH_NS_PER_MS;
	assert_true(rig_stalled(&rig, accounts));
}

static void a_run_that_counts_messages_cannot_stall(void **state)
{
	(void)state;
	window_of_100_ms();
	waits(0, 50 * RINGBENCH_NS_PER_MS);
	waits(1, 50 * RINGBENCH_NS_PER_MS);
	rig.request_ns = 0;
	assert_false(rig_stalled(&rig, accounts));
}

static void two_consumers(uint64_t first, uint64_t second)
{
	static char lines[] = "scenario stream\nwait poll\nconsumers 2\nend\n";
	FILE *from = fmemopen(lines, sizeof(lines) - 1, "r");
	struct fault fault;

	assert_int_equal(cell_read(&cell, from, &fault), 0);
	fclose(from);
	assert_int_equal(rig_create(&rig, &cell, UINT64_MAX, &stop), 0);
	rig.workers[0].messages = first + second;
	rig.workers[1].messages = first;
	rig.workers[2].messages = second;
}

static void less_than_an_eighth_of_the_average_is_starved(void **state)
{
	(void)state;
	two_consumers(60, 940);
	assert_true(rig_starved(&rig));
}

static void a_slightly_smaller_share_is_not_starved(void **state)
{
	(void)state;
	two_consumers(65, 935);
	assert_false(rig_starved(&rig));
}

static void with_few_messages_no_thread_is_starved(void **state)
{
	(void)state;
	two_consumers(0, 127);
	assert_false(rig_starved(&rig));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_threads_that_wait_for_long_are_a_stall),
		TEST(a_working_thread_is_not_a_stall),
		TEST(a_short_wait_is_not_a_stall),
		TEST(a_wait_that_ended_before_the_stop_is_not_a_stall),
		TEST(a_wait_of_usual_length_is_not_a_stall),
		TEST(a_thread_without_a_cpu_is_not_a_stall),
		TEST(a_loop_that_ended_before_the_stop_is_stalled),
		TEST(a_run_that_counts_messages_cannot_stall),
		TEST(less_than_an_eighth_of_the_average_is_starved),
		TEST(a_slightly_smaller_share_is_not_starved),
		TEST(with_few_messages_no_thread_is_starved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
