/* SPDX-License-Identifier: BSD-2-Clause */
/* Which pairs of CPUs are measured, and which columns they set. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cell.h"
#include "core_distance.h"
#include "distance.h"

static struct cell cell;
static struct rig rig;
static struct core_distance distance;

/* Plans the pairs of threads with these roles (one letter for each thread) on
 * these CPUs in turn. */
static void plan(const char *roles, int count, const int *cpus)
{
	static const char *const names[] = { "a", "b", "c" };

	memset(&cell, 0, sizeof(cell));
	memset(&rig, 0, sizeof(rig));
	cell.cpu_count = count;
	for (int i = 0; i < count; i++)
		cell.cpus[i] = cpus[i];
	rig.cell = &cell;
	rig.threads = (int)strlen(roles);
	for (int i = 0; i < rig.threads; i++)
		rig.parts[i].role = names[roles[i] - 'a'];
	core_distance_plan(&distance, &rig);
}

static void assert_pair(int number, int first, int second)
{
	assert_true(number < distance.count);
	assert_int_equal(distance.pairs[number].threads[0], first);
	assert_int_equal(distance.pairs[number].threads[1], second);
}

static void threads_without_cpus_or_on_one_cpu_have_no_pair(void **state)
{
	(void)state;
	plan("ab", 0, NULL);
	assert_int_equal(distance.count, 0);
	plan("ab", 1, (int[]){ 3 });
	assert_int_equal(distance.count, 0);
	plan("a", 2, (int[]){ 0, 1 });
	assert_int_equal(distance.count, 0);
}

static void each_pair_of_cpus_is_measured_once(void **state)
{
	(void)state;
	plan("aabb", 2, (int[]){ 1, 0 });
	assert_int_equal(distance.count, 1);
	assert_pair(0, 0, 3);
	assert_int_equal(distance.pairs[0].cpus[0], 1);
	assert_int_equal(distance.pairs[0].cpus[1], 0);
}

static void every_thread_is_in_one_of_the_first_pairs(void **state)
{
	(void)state;
	plan("aabb", 4, (int[]){ 0, 1, 2, 3 });
	assert_int_equal(distance.count, 4);
	assert_pair(0, 0, 2);
	assert_pair(1, 1, 3);
	assert_pair(2, 0, 3);
	assert_pair(3, 1, 2);
	plan("abbb", 4, (int[]){ 0, 1, 2, 3 });
	assert_int_equal(distance.count, 3);
	assert_pair(2, 0, 3);
}

static void threads_of_one_role_are_paired_with_each_other(void **state)
{
	(void)state;
	plan("aaa", 3, (int[]){ 5, 6, 7 });
	assert_int_equal(distance.count, 3);
	assert_pair(0, 0, 1);
	assert_pair(1, 1, 2);
	assert_pair(2, 2, 0);
}

static void at_most_8_pairs_are_measured(void **state)
{
	int cpus[16];

	(void)state;
	for (int i = 0; i < 16; i++)
		cpus[i] = i;
	plan("aaaaaaaabbbbbbbb", 16, cpus);
	assert_int_equal(distance.count, DISTANCE_PAIRS_MAX);
	for (int i = 0; i < 8; i++)
		assert_pair(i, i, i + 8);
}

static void the_row_has_the_largest_distance_and_a_thread_its_own(void **state)
{
	struct observation observation;
	struct record *row, *thread;

	(void)state;
	plan("abb", 3, (int[]){ 0, 1, 2 });
	distance.pairs[0].ns[DISTANCE_BEFORE] = 60;
	distance.pairs[1].ns[DISTANCE_BEFORE] = 300;
	distance.pairs[0].ns[DISTANCE_AFTER] = 70;
	observation_init(&observation);
	for (int i = 0; i < 3; i++)
		record_set_integer(observation_add_thread(&observation, "t"),
				   THREAD_cpu, i);
	core_distance_set(&distance, &observation);
	row = &observation.result;
	assert_float_equal(record_number(row, COLUMN_line_before_ns), 300, 0);
	assert_float_equal(record_number(row, COLUMN_line_after_ns), 70, 0);
	thread = observation.threads;
	assert_float_equal(record_number(&thread[0], THREAD_line_before_ns),
			   300, 0);
	assert_float_equal(record_number(&thread[1], THREAD_line_before_ns), 60,
			   0);
	assert_false(record_has(&thread[2], THREAD_line_after_ns));
	observation_free(&observation);
}

static void *answer(void *lines)
{
	distance_answer(lines);
	return NULL;
}

/* One line would show the place of its address in the cache. */
static void each_batch_has_its_own_line(void **state)
{
	static struct distance_lines lines;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, answer, &lines), 0);
	distance_measure(&lines);
	pthread_join(thread, NULL);
	assert_true(lines.round_trip_ns > 0);
	for (int i = 0; i < DISTANCE_BATCHES; i++) {
		assert_int_equal(lines.batches[i].word, 4 * DISTANCE_TRIPS);
		assert_int_equal((uintptr_t)&lines.batches[i] % 128, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			threads_without_cpus_or_on_one_cpu_have_no_pair),
		cmocka_unit_test(each_pair_of_cpus_is_measured_once),
		cmocka_unit_test(every_thread_is_in_one_of_the_first_pairs),
		cmocka_unit_test(
			threads_of_one_role_are_paired_with_each_other),
		cmocka_unit_test(at_most_8_pairs_are_measured),
		cmocka_unit_test(
			the_row_has_the_largest_distance_and_a_thread_its_own),
		cmocka_unit_test(each_batch_has_its_own_line),
	};

	return cmocka_run_group_tests_name("core distance", tests, NULL, NULL);
}
