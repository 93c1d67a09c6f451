/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of a row from made-up counts of the threads: sums and remainders.
 */
#include "tally_rig.h"

static void a_clean_observation_has_no_flags(void **state)
{
	(void)state;
	pingpong();
	tally();
	assert_string_equal(flags(), "");
	assert_string_equal(record_text(result, COLUMN_status), "ok");
	assert_int_equal(record_integer(result, COLUMN_verified), 1);
	assert_int_equal(record_integer(result, COLUMN_messages), 1000000);
	assert_int_equal(record_integer(result, COLUMN_lost), 0);
	assert_int_equal(record_integer(result, COLUMN_left_over), 1);
	assert_int_equal(record_integer(result, COLUMN_capacity_usable), 1023);
	assert_string_equal(observation.reason, "");
}

static void the_result_has_the_sums_of_its_threads(void **state)
{
	(void)state;
	pingpong();
	for (int i = 0; i < THREADS; i++) {
		struct worker *worker = &rig.workers[i];

		worker->empty.total_ns = 10000 + i;
		worker->full.total_ns = 2000 + i;
		worker->empty.tries = 300;
		worker->full.tries = 40;
		worker->timeouts = 5;
		accounts[i].vol_switches = 6;
		accounts[i].invol_switches = 7;
		accounts[i].cpu_ns = 99 * RINGBENCH_NS_PER_MS + i;
		accounts[i].runqueue_ns = 1000;
	}
	tally();
	assert_int_equal(record_integer(result, COLUMN_wait_empty_ns), 20001);
	assert_int_equal(record_integer(result, COLUMN_wait_full_ns), 4001);
	assert_int_equal(record_integer(result, COLUMN_busy_ns),
			 2 * ELAPSED_NS - 20001 - 4001);
	assert_int_equal(record_integer(result, COLUMN_empty_tries), 600);
	assert_int_equal(record_integer(result, COLUMN_full_tries), 80);
	assert_int_equal(record_integer(result, COLUMN_timeouts), 10);
	assert_int_equal(record_integer(result, COLUMN_vol_switches), 12);
	assert_int_equal(record_integer(result, COLUMN_invol_switches), 14);
	assert_int_equal(record_integer(result, COLUMN_cpu_ns),
			 198 * RINGBENCH_NS_PER_MS + 1);
	assert_int_equal(record_integer(result, COLUMN_runqueue_ns), 2000);
	assert_int_equal(record_integer(result, COLUMN_asleep_ns),
			 2 * RINGBENCH_NS_PER_MS - 1 - 2000);
}

static void waiting_for_the_pace_is_neither_busy_nor_idle(void **state)
{
	struct record *thread;

	(void)state;
	pingpong();
	rig.workers[1].empty.total_ns = 30000;
	rig.workers[1].empty.kernel_ns = 20000;
	rig.workers[1].full.total_ns = 500;
	rig.workers[1].full.kernel_ns = 400;
	rig.workers[1].pace_ns = 1000000;
	rig.workers[1].pace_cpu_ns = 7000;
	tally();
	thread = &observation.threads[1];
	assert_int_equal(record_integer(thread, THREAD_busy_ns),
			 ELAPSED_NS - 1030500);
	assert_int_equal(record_integer(thread, THREAD_wait_pace_ns), 1000000);
	assert_int_equal(record_integer(thread, THREAD_wait_pace_cpu_ns), 7000);
	assert_int_equal(record_integer(thread, THREAD_wait_empty_kernel_ns),
			 20000);
	assert_int_equal(record_integer(thread, THREAD_wait_full_kernel_ns),
			 400);
	assert_int_equal(record_integer(result, COLUMN_wait_pace_ns), 1000000);
	assert_int_equal(record_integer(result, COLUMN_wait_empty_ns), 30000);
}

static void elapsed_is_from_the_first_start_to_the_last_end(void **state)
{
	(void)state;
	pingpong();
	accounts[0].start_ns = 5000;
	accounts[1].start_ns = 2000;
	accounts[1].elapsed_ns = ELAPSED_NS - 100;
	accounts[1].cpu_ns = ELAPSED_NS - 100;
	tally();
	assert_int_equal(record_integer(result, COLUMN_elapsed_ns),
			 ELAPSED_NS + 3000);
	assert_int_equal(
		record_integer(&observation.threads[0], THREAD_start_ns), 3000);
	assert_int_equal(
		record_integer(&observation.threads[1], THREAD_start_ns), 0);
	assert_int_equal(
		record_integer(&observation.threads[1], THREAD_elapsed_ns),
		ELAPSED_NS - 100);
}

static void every_thread_has_a_name_a_cpu_and_its_counts(void **state)
{
	struct record *thread;

	(void)state;
	set_up("scenario stream\nwait poll\nplacement llc\ncpus 5+3\nend\n");
	rig.workers[0].messages = 7;
	rig.workers[1].empty.waits = 20;
	rig.workers[1].full.waits = 3;
	rig.workers[1].empty.scaled_ns = 640;
	rig.workers[1].full.scaled_ns = 64;
	tally();
	assert_int_equal(observation.thread_count, 2);
	thread = &observation.threads[0];
	assert_string_equal(record_text(thread, THREAD_thread), "producer-0");
	assert_int_equal(record_integer(thread, THREAD_cpu), 5);
	assert_int_equal(record_integer(thread, THREAD_messages), 7);
	thread = &observation.threads[1];
	assert_string_equal(record_text(thread, THREAD_thread), "consumer-1");
	assert_int_equal(record_integer(thread, THREAD_cpu), 3);
	assert_int_equal(record_integer(thread, THREAD_waits), 23);
	assert_int_equal(record_integer(thread, THREAD_wait_scaled_ns), 704);
}

static void a_thread_that_is_not_pinned_has_no_cpu(void **state)
{
	(void)state;
	pingpong();
	tally();
	assert_false(record_has(&observation.threads[0], THREAD_cpu));
	assert_string_equal(record_text(&observation.threads[0], THREAD_thread),
			    "A-0");
	assert_string_equal(record_text(&observation.threads[1], THREAD_thread),
			    "B-1");
}

static void no_remainder_is_negative(void **state)
{
	(void)state;
	pingpong();
	rig.workers[0].empty.total_ns = ELAPSED_NS + 5;
	accounts[0].runqueue_ns = 5;
	tally();
	assert_int_equal(
		record_integer(&observation.threads[0], THREAD_busy_ns), 0);
	assert_int_equal(
		record_integer(&observation.threads[0], THREAD_asleep_ns), 0);
}

static void ticks_split_the_exact_cpu_time(void **state)
{
	(void)state;
	pingpong();
	tally();
	/* By ticks, 3 ms are user time and 1 ms is system time. */
	assert_int_equal(record_integer(result, COLUMN_cpu_user_ns),
			 2 * ELAPSED_NS / 4 * 3);
	assert_int_equal(record_integer(result, COLUMN_cpu_sys_ns),
			 2 * ELAPSED_NS / 4);
}

static void without_ticks_there_is_no_split(void **state)
{
	(void)state;
	pingpong();
	for (int i = 0; i < THREADS; i++)
		accounts[i].user_ns = accounts[i].sys_ns = 0;
	tally();
	assert_false(record_has(result, COLUMN_cpu_user_ns));
	assert_false(record_has(result, COLUMN_cpu_sys_ns));
	assert_true(record_has(result, COLUMN_cpu_ns));
}

static void an_unknown_run_queue_is_empty_and_not_zero(void **state)
{
	(void)state;
	pingpong();
	for (int i = 0; i < THREADS; i++)
		accounts[i].runqueue_ns = -1;
	tally();
	assert_false(record_has(result, COLUMN_runqueue_ns));
	assert_false(record_has(result, COLUMN_asleep_ns));
	for (int i = 0; i < THREADS; i++) {
		struct record *thread = &observation.threads[i];

		assert_false(record_has(thread, THREAD_runqueue_ns));
		assert_false(record_has(thread, THREAD_asleep_ns));
	}
	assert_string_equal(flags(), "");
}

/* Both threads push and pop by system calls that block. */
static void pingpong_by_blocking_calls(void)
{
	pingpong();
	for (int i = 0; i < THREADS; i++) {
		rig.workers[i].empty.weight = WAITCLOCK_UNSEEN;
		rig.workers[i].full.weight = WAITCLOCK_UNSEEN;
		accounts[i].cpu_ns = 30 * RINGBENCH_NS_PER_MS;
		accounts[i].runqueue_ns = 10 * RINGBENCH_NS_PER_MS;
		accounts[i].vol_switches = 500;
	}
}

static void the_sleep_in_blocking_calls_is_the_wait(void **state)
{
	(void)state;
	pingpong_by_blocking_calls();
	tally();
	for (int i = 0; i < THREADS; i++) {
		struct record *thread = &observation.threads[i];

		assert_int_equal(record_integer(thread, THREAD_wait_empty_ns),
				 60 * RINGBENCH_NS_PER_MS);
		assert_int_equal(
			record_integer(thread, THREAD_wait_empty_kernel_ns),
			60 * RINGBENCH_NS_PER_MS);
		assert_int_equal(record_integer(thread, THREAD_wait_full_ns),
				 0);
		assert_int_equal(record_integer(thread, THREAD_waits), 500);
		assert_int_equal(record_integer(thread, THREAD_busy_ns),
				 40 * RINGBENCH_NS_PER_MS);
	}
}

static void a_thread_that_only_pushes_slept_for_room(void **state)
{
	struct record *thread;

	(void)state;
	pingpong_by_blocking_calls();
	rig.workers[0].empty.weight = 0;
	tally();
	thread = &observation.threads[0];
	assert_int_equal(record_integer(thread, THREAD_wait_full_ns),
			 60 * RINGBENCH_NS_PER_MS);
	assert_int_equal(record_integer(thread, THREAD_wait_empty_ns), 0);
}

static void without_the_run_queue_the_sleep_in_calls_is_unknown(void **state)
{
	(void)state;
	pingpong_by_blocking_calls();
	accounts[1].runqueue_ns = -1;
	tally();
	assert_true(record_has(&observation.threads[0], THREAD_wait_empty_ns));
	assert_false(record_has(&observation.threads[1], THREAD_wait_empty_ns));
	assert_false(record_has(result, COLUMN_wait_empty_ns));
	assert_false(record_has(result, COLUMN_busy_ns));
}

/* A sum over some of the threads would look like the sum over all threads. */
static void a_value_that_one_thread_lacks_has_no_sum(void **state)
{
	(void)state;
	for (int unknown = 0; unknown < THREADS; unknown++) {
		pingpong();
		accounts[unknown].runqueue_ns = -1;
		accounts[unknown].user_ns = accounts[unknown].sys_ns = 0;
		tally();
		assert_false(record_has(result, COLUMN_runqueue_ns));
		assert_false(record_has(result, COLUMN_asleep_ns));
		assert_false(record_has(result, COLUMN_cpu_user_ns));
		assert_true(record_has(&observation.threads[1 - unknown],
				       THREAD_runqueue_ns));
		tear_down(NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_clean_observation_has_no_flags),
		TEST(the_result_has_the_sums_of_its_threads),
		TEST(waiting_for_the_pace_is_neither_busy_nor_idle),
		TEST(elapsed_is_from_the_first_start_to_the_last_end),
		TEST(every_thread_has_a_name_a_cpu_and_its_counts),
		TEST(a_thread_that_is_not_pinned_has_no_cpu),
		TEST(no_remainder_is_negative),
		TEST(ticks_split_the_exact_cpu_time),
		TEST(without_ticks_there_is_no_split),
		TEST(an_unknown_run_queue_is_empty_and_not_zero),
		TEST(a_value_that_one_thread_lacks_has_no_sum),
		TEST(the_sleep_in_blocking_calls_is_the_wait),
		TEST(a_thread_that_only_pushes_slept_for_room),
		TEST(without_the_run_queue_the_sleep_in_calls_is_unknown),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
