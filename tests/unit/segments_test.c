/* SPDX-License-Identifier: BSD-2-Clause */
/* The split of a thread's time into segments, and the bars of the picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot_idle.h"
#include "segments.h"

static struct record thread;
static double ns[SEGMENTS];

static void start(int64_t busy, int64_t empty, int64_t full, int64_t pace)
{
	record_init(&thread, &threads_schema);
	record_set_text(&thread, THREAD_thread, "consumer-1");
	record_set_integer(&thread, THREAD_busy_ns, busy);
	record_set_integer(&thread, THREAD_wait_empty_ns, empty);
	record_set_integer(&thread, THREAD_wait_full_ns, full);
	record_set_integer(&thread, THREAD_wait_pace_ns, pace);
	record_set_integer(&thread, THREAD_wait_empty_kernel_ns, 0);
	record_set_integer(&thread, THREAD_wait_full_kernel_ns, 0);
}

static void split(int64_t cpu, int64_t ready)
{
	double sum = 0;

	record_set_integer(&thread, THREAD_cpu_ns, cpu);
	record_set_integer(&thread, THREAD_runqueue_ns, ready);
	assert_true(segments_of(&thread, ns));
	for (int i = 0; i < SEGMENTS; i++) {
		assert_true(ns[i] >= 0);
		sum += ns[i];
	}
	assert_float_equal(
		sum,
		record_number(&thread, THREAD_busy_ns) +
			record_number(&thread, THREAD_wait_empty_ns) +
			record_number(&thread, THREAD_wait_full_ns) +
			record_number(&thread, THREAD_wait_pace_ns),
		1e-6);
}

static void a_polling_thread_waits_and_uses_its_cpu(void **state)
{
	(void)state;
	start(100, 900, 0, 0);
	split(1000, 0);
	assert_float_equal(ns[SEGMENT_WORK], 100, 1e-6);
	assert_float_equal(ns[SEGMENT_EMPTY], 900, 1e-6);
}

static void a_blocked_thread_sleeps_in_its_waits(void **state)
{
	(void)state;
	start(100, 600, 300, 0);
	record_set_integer(&thread, THREAD_wait_empty_kernel_ns, 600);
	record_set_integer(&thread, THREAD_wait_full_kernel_ns, 300);
	split(190, 0);
	assert_float_equal(ns[SEGMENT_WORK], 100, 1e-6);
	assert_float_equal(ns[SEGMENT_WORK_ASLEEP], 0, 1e-6);
	/* 810 of 900 ns are asleep, in proportion to the two kinds of wait */
	assert_float_equal(ns[SEGMENT_EMPTY_ASLEEP], 540, 1e-6);
	assert_float_equal(ns[SEGMENT_FULL_ASLEEP], 270, 1e-6);
	assert_float_equal(ns[SEGMENT_EMPTY], 60, 1e-6);
	assert_float_equal(ns[SEGMENT_FULL], 30, 1e-6);
}

static void sleep_of_a_polling_thread_is_part_of_its_work(void **state)
{
	(void)state;
	start(500, 500, 0, 0);
	split(600, 0);
	assert_float_equal(ns[SEGMENT_WORK_ASLEEP], 400, 1e-6);
	assert_float_equal(ns[SEGMENT_EMPTY], 500, 1e-6);
	assert_float_equal(ns[SEGMENT_EMPTY_ASLEEP], 0, 1e-6);
}

static void sleep_beyond_the_work_is_part_of_a_busy_wait(void **state)
{
	(void)state;
	start(100, 900, 0, 0);
	split(700, 0); /* 300 ns were stolen */
	assert_float_equal(ns[SEGMENT_WORK_ASLEEP], 100, 1e-6);
	assert_float_equal(ns[SEGMENT_EMPTY_ASLEEP], 200, 1e-6);
	assert_float_equal(ns[SEGMENT_EMPTY], 700, 1e-6);
}

static void pacing_is_neither_busy_nor_waiting(void **state)
{
	(void)state;
	start(50, 0, 0, 950);
	record_set_integer(&thread, THREAD_wait_pace_cpu_ns, 150);
	split(200, 0);
	assert_float_equal(ns[SEGMENT_WORK], 50, 1e-6);
	assert_float_equal(ns[SEGMENT_PACE], 150, 1e-6);
	assert_float_equal(ns[SEGMENT_PACE_ASLEEP], 800, 1e-6);
}

static void ready_time_is_not_split(void **state)
{
	(void)state;
	start(400, 600, 0, 0);
	split(500, 500);
	assert_float_equal(ns[SEGMENT_READY], 500, 1e-6);
	assert_float_equal(ns[SEGMENT_WORK], 200, 1e-6);
	assert_float_equal(ns[SEGMENT_EMPTY], 300, 1e-6);
}

/* Files without wait_*_kernel_ns: any wait may have slept. */
static void in_an_old_row_all_waits_may_contain_sleep(void **state)
{
	(void)state;
	start(100, 900, 0, 0);
	record_clear(&thread, THREAD_wait_empty_kernel_ns);
	record_clear(&thread, THREAD_wait_full_kernel_ns);
	split(150, 0);
	assert_float_equal(ns[SEGMENT_EMPTY_ASLEEP], 850, 1e-6);
	assert_float_equal(ns[SEGMENT_WORK], 100, 1e-6);
}

static void a_row_without_a_time_is_not_split(void **state)
{
	(void)state;
	start(1, 2, 3, 4);
	record_set_integer(&thread, THREAD_cpu_ns, 5);
	assert_false(segments_of(&thread, ns)); /* no runqueue_ns */
}

static struct record row_of(int64_t round, const char *name)
{
	record_set_text(&thread, THREAD_session_id, "s");
	record_set_integer(&thread, THREAD_round, round);
	record_set_integer(&thread, THREAD_order_in_round, 1);
	record_set_integer(&thread, THREAD_attempt, 1);
	record_set_text(&thread, THREAD_thread, name);
	return thread;
}

/* A paced producer, and a consumer that polls for 69 % of the time. */
static void a_polling_consumer_is_visible_next_to_a_paced_producer(void **state)
{
	struct record rows[3], result;
	const struct record *sorted[] = { &rows[0], &rows[1], &rows[2] };
	const struct record *members[] = { &result };
	struct group group = { .example = &result,
			       .members = members,
			       .count = 1 };
	struct thread_rows threads = { .sorted = sorted, .count = 3 };
	struct role_time roles[ROLES_MAX];
	double shares[PARTS];

	(void)state;
	start(10, 0, 0, 990);
	split(10, 0);
	rows[0] = row_of(1, "producer-0");
	start(310, 690, 0, 0);
	split(1000, 0);
	rows[1] = row_of(1, "consumer-1");
	rows[2] = row_of(2, "consumer-1"); /* another observation */
	record_init(&result, &results_schema);
	record_set_text(&result, COLUMN_session_id, "s");
	record_set_integer(&result, COLUMN_round, 1);
	record_set_integer(&result, COLUMN_order_in_round, 1);
	record_set_integer(&result, COLUMN_attempt, 1);
	assert_int_equal(role_times(&group, &threads, roles), 2);
	assert_string_equal(roles[0].role, "producer");
	plot_shares(&roles[0], shares);
	assert_float_equal(shares[PART_PACE], 0.99, 1e-9);
	assert_float_equal(shares[PART_BUSY], 0.01, 1e-9);
	assert_string_equal(roles[1].role, "consumer");
	plot_shares(&roles[1], shares);
	assert_float_equal(shares[PART_BURNING], 0.69, 1e-9);
	assert_float_equal(shares[PART_BUSY], 0.31, 1e-9);
	record_set_integer(&result, COLUMN_attempt, 2);
	assert_int_equal(role_times(&group, &threads, roles), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_polling_thread_waits_and_uses_its_cpu),
		cmocka_unit_test(a_blocked_thread_sleeps_in_its_waits),
		cmocka_unit_test(sleep_of_a_polling_thread_is_part_of_its_work),
		cmocka_unit_test(sleep_beyond_the_work_is_part_of_a_busy_wait),
		cmocka_unit_test(pacing_is_neither_busy_nor_waiting),
		cmocka_unit_test(ready_time_is_not_split),
		cmocka_unit_test(in_an_old_row_all_waits_may_contain_sleep),
		cmocka_unit_test(a_row_without_a_time_is_not_split),
		cmocka_unit_test(
			a_polling_consumer_is_visible_next_to_a_paced_producer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
