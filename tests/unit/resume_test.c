/* SPDX-License-Identifier: BSD-2-Clause */
/* Incomplete rounds are flagged, and other rows do not change. */
#include "resume_run.h"

static void a_complete_run_continues_with_the_next_round(void **state)
{
	char *before, *threads_before;

	(void)state;
	rounds("s1", 1, 2);
	before = get(results_csv);
	threads_before = get(threads_csv);
	assert_int_equal(clean("s1"), 3);
	assert_superseded(results_csv, before, 0);
	assert_superseded(threads_csv, threads_before, 0);
	assert_no_file("results.csv.torn");
	assert_no_file("results.csv.new");
	free(before);
	free(threads_before);
}

static void a_run_without_rows_begins_with_the_first_round(void **state)
{
	(void)state;
	assert_int_equal(clean("s1"), 1);
}

static void an_incomplete_round_is_flagged_in_both_files(void **state)
{
	char *before, *threads_before;

	(void)state;
	rounds("s1", 1, 1);
	observe("s1", 2);
	observe("s1", 2);
	before = get(results_csv);
	threads_before = get(threads_csv);
	assert_int_equal(clean("s1"), 2);
	assert_superseded(results_csv, before, 2);
	assert_superseded(threads_csv, threads_before, 4);
	assert_no_file("results.csv.new");
	assert_no_file("threads.csv.new");
	free(before);
	free(threads_before);
}

static void older_flags_stay_in_the_row(void **state)
{
	struct rows rows;

	(void)state;
	observe("s1", 1);
	assert_int_equal(clean("s1"), 1);
	assert_int_equal(rows_read(results_csv, &results_schema, &rows, &fault),
			 0);
	assert_int_equal(rows.count, 1);
	assert_string_equal(record_text(&rows.rows[0], COLUMN_flags),
			    "stolen+superseded");
	rows_free(&rows);
}

static void a_second_cleaning_changes_nothing(void **state)
{
	char *before;

	(void)state;
	rounds("s1", 1, 1);
	observe("s1", 2);
	assert_int_equal(clean("s1"), 2);
	before = get(results_csv);
	/* No row was measured meanwhile, so the result is still round 2. */
	assert_int_equal(clean("s1"), 2);
	assert_superseded(results_csv, before, 0);
	free(before);
}

static void repeated_attempts_do_not_complete_a_round(void **state)
{
	(void)state;
	observe("s1", 1);
	observe("s1", 1);
	attempt = 2;
	observe("s1", 1);
	assert_int_equal(clean("s1"), 1);
}

static void a_round_without_repeated_attempts_is_complete(void **state)
{
	char *before, *threads_before;

	(void)state;
	rounds("s1", 1, 1);
	attempt = 2;
	order = 4;
	observe("s1", 1);
	/* Killed between the rows of the threads and the row of the result. */
	order = 5;
	before = get(results_csv);
	add_row(threads, &threads_schema, "s1", 1, 77, 0);
	threads_before = get(threads_csv);
	assert_int_equal(clean("s1"), 2);
	assert_superseded(results_csv, before, 0);
	assert_superseded(threads_csv, threads_before, 1);
	free(before);
	free(threads_before);
}

static void a_round_interrupted_twice_counts_only_its_new_rows(void **state)
{
	(void)state;
	observe("s1", 1);
	observe("s1", 1);
	assert_int_equal(clean("s1"), 1);
	close(results);
	close(threads);
	results = results_open(dir, &results_schema, &fault);
	threads = results_open(dir, &threads_schema, &fault);
	/* Two old and two new rows are not a complete round of three cells. */
	observe("s1", 1);
	observe("s1", 1);
	assert_int_equal(clean("s1"), 1);
	close(results);
	close(threads);
	results = results_open(dir, &results_schema, &fault);
	threads = results_open(dir, &threads_schema, &fault);
	rounds("s1", 1, 1);
	assert_int_equal(clean("s1"), 2);
}

static void rows_of_another_session_do_not_change(void **state)
{
	char *before;

	(void)state;
	observe("s1", 1); /* an incomplete round that was given up */
	rounds("s2", 1, 1);
	observe("s2", 2);
	observe("s1", 2);
	before = get(results_csv);
	assert_int_equal(clean("s2"), 2);
	assert_superseded(results_csv, before, 1);
	assert_non_null(strstr(before, ",s1,"));
	free(before);
	/* A session without rows begins with round 1. */
	before = get(results_csv);
	assert_int_equal(clean("s3"), 1);
	assert_superseded(results_csv, before, 0);
	free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_complete_run_continues_with_the_next_round),
		TEST(a_run_without_rows_begins_with_the_first_round),
		TEST(an_incomplete_round_is_flagged_in_both_files),
		TEST(older_flags_stay_in_the_row),
		TEST(a_second_cleaning_changes_nothing),
		TEST(repeated_attempts_do_not_complete_a_round),
		TEST(a_round_without_repeated_attempts_is_complete),
		TEST(a_round_interrupted_twice_counts_only_its_new_rows),
		TEST(rows_of_another_session_do_not_change),
	};

	return cmocka_run_group_tests_name("resume", tests, NULL, NULL);
}
