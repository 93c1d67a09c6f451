/* SPDX-License-Identifier: BSD-2-Clause */
/* Grouping of rows by cell, and their medians. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "groups.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
	ROWS_MAX = 32,
};

static struct record memory[ROWS_MAX];
static struct rows rows;
static struct groups groups;

static int start_over(void **state)
{
	(void)state;
	memset(&rows, 0, sizeof(rows));
	rows.rows = memory;
	return 0;
}

static int free_groups(void **state)
{
	(void)state;
	groups_free(&groups);
	return 0;
}

/* Adds a good row, which a test can change before grouping. */
static struct record *add(const char *backend, double throughput)
{
	struct record *row = &memory[rows.count++];

	assert_true(rows.count <= ROWS_MAX);
	record_init(row, &results_schema);
	record_set_integer(row, COLUMN_round, (int64_t)rows.count);
	record_set_text(row, COLUMN_scenario, "pingpong");
	record_set_text(row, COLUMN_backend, backend);
	record_set_text(row, COLUMN_wait, "block");
	record_set_integer(row, COLUMN_queues, 2);
	record_set_integer(row, COLUMN_capacity, 1023);
	record_set_text(row, COLUMN_status, "ok");
	record_set_integer(row, COLUMN_verified, 1);
	record_set_real(row, COLUMN_throughput_msg_per_s, throughput);
	return row;
}

static void rows_of_one_cell_form_a_group_in_their_order(void **state)
{
	struct record *first = add("mutex", 1), *second;

	(void)state;
	add("ck_mpmc", 2);
	second = add("mutex", 3);
	groups_make(&rows, &groups);
	assert_int_equal(groups.count, 2);
	assert_string_equal(
		record_text(groups.groups[0].example, COLUMN_backend), "mutex");
	assert_int_equal(groups.groups[0].count, 2);
	assert_ptr_equal(groups.groups[0].members[0], first);
	assert_ptr_equal(groups.groups[0].members[1], second);
	assert_int_equal(groups.groups[1].count, 1);
}

static void without_rows_there_are_no_groups(void **state)
{
	(void)state;
	groups_make(&rows, &groups);
	assert_int_equal(groups.count, 0);
}

/* Changes one column of the second of two rows. Returns the number of
 * groups. */
static size_t groups_with(int column)
{
	struct record *row;

	start_over(NULL);
	add("mutex", 1);
	row = add("mutex", 1);
	if (results_schema.columns[column].type == TYPE_TEXT)
		record_set_text(row, column, "another");
	else if (results_schema.columns[column].type == TYPE_INTEGER)
		record_set_integer(row, column, 77);
	else
		record_set_real(row, column, 77);
	groups_free(&groups);
	groups_make(&rows, &groups);
	return groups.count;
}

static void only_factors_distinguish_cells(void **state)
{
	static const char *const factors[] = {
		"host",
		"scenario",
		"backend",
		"wait",
		"queues",
		"producers",
		"consumers",
		"placement",
		"capacity",
		"payload_bytes",
		"warmup_ns",
		"duration_ns",
		"stop",
		"until",
		"batch",
		"produce_every_ns",
		"consume_every_ns",
		"sync",
		"share",
		"lock",
		"work",
		"pause_ns",
		"event",
		"stages",
		"source",
		"service_ns",
		"claim",
	};

	(void)state;
	for (int i = 0; i < COLUMN_flags; i++) {
		const char *name = results_schema.columns[i].name;
		size_t expected = 1;

		for (size_t f = 0; f < COUNT_OF(factors); f++)
			expected += strcmp(factors[f], name) == 0;
		if (groups_with(i) != expected)
			fail_msg("%s makes %zu groups", name, groups.count);
	}
	/* Measured values and flags make no new group, except the core
	 * distance, because only one of the rows has a distance. */
	for (int i = COLUMN_flags; i < COMMON_COLUMN_COUNT; i++)
		assert_int_equal(groups_with(i),
				 i == COLUMN_line_before_ns ||
						 i == COLUMN_line_after_ns
					 ? 2
					 : 1);
	/* Of the columns that scenarios declare, only parameters make a new
	 * group. */
	for (int i = COMMON_COLUMN_COUNT; i < (int)results_schema.count; i++)
		assert_int_equal(
			groups_with(i),
			results_schema.columns[i].role == ROLE_FACTOR ? 2 : 1);
}

static void a_factor_that_is_missing_is_another_cell(void **state)
{
	(void)state;
	add("mutex", 1);
	record_clear(add("mutex", 1), COLUMN_queues);
	record_clear(add("mutex", 1), COLUMN_queues);
	/* 0 is a value, not an empty field. */
	record_set_integer(add("mutex", 1), COLUMN_queues, 0);
	groups_make(&rows, &groups);
	assert_int_equal(groups.count, 3);
	assert_int_equal(groups.groups[1].count, 2);
}

static void superseded_rows_are_ignored(void **state)
{
	struct record *row = add("mutex", 1);

	(void)state;
	record_set_text(row, COLUMN_flags, "stolen+superseded");
	record_set_text(add("spinlock", 1), COLUMN_flags, "superseded");
	add("mutex", 2);
	groups_make(&rows, &groups);
	assert_int_equal(groups.count, 1);
	assert_int_equal(groups.groups[0].count, 1);
	assert_int_equal(groups.groups[0].unverified, 0);
}

static void rows_with_other_flags_are_members(void **state)
{
	(void)state;
	record_set_text(add("mutex", 1), COLUMN_flags, "stolen+few_laps");
	groups_make(&rows, &groups);
	assert_int_equal(groups.groups[0].count, 1);
}

static void failed_rows_are_counted_and_not_used(void **state)
{
	static const char *const statuses[] = { "failed", "hung", "crashed",
						"error",  "",	  "OK",
						"okay" };

	(void)state;
	add("mutex", 1);
	for (size_t i = 0; i < COUNT_OF(statuses); i++)
		record_set_text(add("mutex", 100), COLUMN_status, statuses[i]);
	groups_make(&rows, &groups);
	assert_int_equal(groups.count, 1);
	assert_int_equal(groups.groups[0].count, 1);
	assert_int_equal(groups.groups[0].unverified, COUNT_OF(statuses));
}

static void unverified_rows_are_counted_and_not_used(void **state)
{
	(void)state;
	record_set_integer(add("mutex", 1), COLUMN_verified, 0);
	record_set_integer(add("mutex", 1), COLUMN_verified, 2);
	add("mutex", 1);
	groups_make(&rows, &groups);
	assert_int_equal(groups.groups[0].count, 1);
	assert_int_equal(groups.groups[0].unverified, 2);
}

static void a_cell_that_only_failed_is_a_group_without_members(void **state)
{
	struct spread spread;

	(void)state;
	record_set_text(add("mutex", 1), COLUMN_status, "hung");
	groups_make(&rows, &groups);
	assert_int_equal(groups.count, 1);
	assert_int_equal(groups.groups[0].count, 0);
	assert_int_equal(groups.groups[0].unverified, 1);
	spread = group_spread(&groups.groups[0], COLUMN_throughput_msg_per_s);
	assert_int_equal(spread.count, 0);
	assert_true(isnan(spread.median));
}

static void a_bound_is_a_member_although_it_is_not_verified(void **state)
{
	(void)state;
	record_clear(add("null", 1), COLUMN_verified);
	groups_make(&rows, &groups);
	assert_int_equal(groups.groups[0].count, 1);
	assert_int_equal(groups.groups[0].unverified, 0);
}

static void groups_can_agree_in_all_but_some_factors(void **state)
{
	static const int backend[] = { COLUMN_backend };
	static const int both[] = { COLUMN_backend, COLUMN_wait };
	struct group *mutex, *ck, *ck_poll;

	(void)state;
	add("mutex", 1);
	add("ck_mpmc", 1);
	record_set_text(add("ck_mpmc", 1), COLUMN_wait, "poll");
	groups_make(&rows, &groups);
	mutex = &groups.groups[0];
	ck = &groups.groups[1];
	ck_poll = &groups.groups[2];
	assert_false(group_same_but(mutex, ck, NULL, 0));
	assert_true(group_same_but(mutex, ck, backend, 1));
	assert_false(group_same_but(mutex, ck_poll, backend, 1));
	assert_true(group_same_but(mutex, ck_poll, both, 2));
	assert_true(group_same_but(mutex, mutex, NULL, 0));
}

static void the_median_is_the_middle_or_the_mean_of_two(void **state)
{
	double odd[] = { 9, 1, 5 }, even[] = { 8, 1, 4, 2 }, one[] = { 7 };

	(void)state;
	assert_true(spread_of(odd, 3).median == 5);
	assert_true(spread_of(even, 4).median == 3);
	assert_true(spread_of(one, 1).median == 7);
}

static void without_values_the_median_is_nan(void **state)
{
	double none[1] = { 0 };
	struct spread spread = spread_of(none, 0);

	(void)state;
	assert_int_equal(spread.count, 0);
	assert_false(spread.has_interval);
	assert_true(isnan(spread.median));
	assert_true(isnan(spread.low));
	assert_true(isnan(spread.high));
}

/*
 * Order statistics that enclose the median with 95 %, computed by another
 * program from the binomial distribution with exact integers. 0: there are
 * none.
 */
static const struct {
	size_t n;
	size_t rank;
} ranks[] = {
	{ 1, 0 },   { 2, 0 },	{ 3, 0 },    { 4, 0 },	    { 5, 0 },
	{ 6, 1 },   { 7, 1 },	{ 8, 1 },    { 9, 2 },	    { 10, 2 },
	{ 11, 2 },  { 12, 3 },	{ 13, 3 },   { 14, 3 },	    { 15, 4 },
	{ 16, 4 },  { 17, 5 },	{ 20, 6 },   { 24, 7 },	    { 25, 8 },
	{ 30, 10 }, { 50, 18 }, { 100, 40 }, { 1000, 469 },
};

static void the_interval_lies_between_two_order_statistics(void **state)
{
	static double values[1000];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ranks); i++) {
		size_t n = ranks[i].n;
		struct spread spread;

		/* The values 1 to n in mixed order, so that a value equals its
		 * rank. */
		for (size_t j = 0; j < n; j++)
			values[j] = (double)(n - j);
		spread = spread_of(values, n);
		assert_int_equal(spread.count, n);
		assert_int_equal(spread.has_interval, ranks[i].rank > 0);
		if (ranks[i].rank == 0) {
			assert_true(isnan(spread.low) && isnan(spread.high));
			continue;
		}
		assert_true(spread.low == (double)ranks[i].rank);
		assert_true(spread.high == (double)(n + 1 - ranks[i].rank));
	}
}

static void six_values_span_from_the_least_to_the_greatest(void **state)
{
	double values[] = { 30, 10, 60, 20, 50, 40 };
	struct spread spread = spread_of(values, 6);

	(void)state;
	assert_true(spread.has_interval);
	assert_true(spread.low == 10 && spread.high == 60);
	assert_true(spread.median == 35);
}

static void twelve_values_span_from_the_third_to_the_tenth(void **state)
{
	double values[] = { 12, 1, 11, 2, 10, 3, 9, 4, 8, 5, 7, 6 };
	struct spread spread = spread_of(values, 12);

	(void)state;
	assert_true(spread.low == 3 && spread.high == 10);
	assert_true(spread.median == 6.5);
}

static void a_spread_uses_only_members_with_a_value(void **state)
{
	struct spread spread;

	(void)state;
	add("mutex", 10);
	record_clear(add("mutex", 0), COLUMN_throughput_msg_per_s);
	add("mutex", 30);
	record_set_text(add("mutex", 1000), COLUMN_status, "failed");
	groups_make(&rows, &groups);
	spread = group_spread(&groups.groups[0], COLUMN_throughput_msg_per_s);
	assert_int_equal(spread.count, 2);
	assert_true(spread.median == 20);
	spread = group_spread(&groups.groups[0], COLUMN_asleep_ns);
	assert_int_equal(spread.count, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, start_over, free_groups)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_of_one_cell_form_a_group_in_their_order),
		TEST(without_rows_there_are_no_groups),
		TEST(only_factors_distinguish_cells),
		TEST(a_factor_that_is_missing_is_another_cell),
		TEST(superseded_rows_are_ignored),
		TEST(rows_with_other_flags_are_members),
		TEST(failed_rows_are_counted_and_not_used),
		TEST(unverified_rows_are_counted_and_not_used),
		TEST(a_cell_that_only_failed_is_a_group_without_members),
		TEST(a_bound_is_a_member_although_it_is_not_verified),
		TEST(groups_can_agree_in_all_but_some_factors),
		TEST(the_median_is_the_middle_or_the_mean_of_two),
		TEST(without_values_the_median_is_nan),
		TEST(the_interval_lies_between_two_order_statistics),
		TEST(six_values_span_from_the_least_to_the_greatest),
		TEST(twelve_values_span_from_the_third_to_the_tenth),
		TEST(a_spread_uses_only_members_with_a_value),
	};

	return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
