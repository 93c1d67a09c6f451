/* SPDX-License-Identifier: BSD-2-Clause */
/* One program with two labels: false verdicts and the noise level. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "self_check.h"

enum {
	SESSIONS = 4,
	ROUNDS = 8, /* enough rounds for two rows with Holm's correction */
};

static const struct comparison_options options = {
	.metric = COLUMN_throughput_msg_per_s,
	.threshold = 0.03,
	.alpha = 0.05,
	.adjust = true,
	.factor = -1,
};

static char dir[40];
static struct fault fault;
static struct self_check check;
static int files[2]; /* results of both labels */

static const char *label_path(int label)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%c.csv", dir, 'a' + label);
	return path;
}

static int start(void **state)
{
	char made[64];

	(void)state;
	strcpy(dir, "/tmp/self_check_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(made, sizeof(made), "%s/results.csv", dir);
	for (int i = 0; i < 2; i++) {
		files[i] = results_open(dir, &results_schema, &fault);
		assert_true(files[i] >= 0);
		assert_int_equal(rename(made, label_path(i)), 0);
	}
	return 0;
}

static int stop(void **state)
{
	(void)state;
	self_check_free(&check);
	for (int i = 0; i < 2; i++) {
		close(files[i]);
		unlink(label_path(i));
	}
	return rmdir(dir);
}

static void add(int label, const char *backend, int session, int round,
		double rate)
{
	struct record row;
	char name[16];

	snprintf(name, sizeof(name), "s%d", session);
	record_init(&row, &results_schema);
	record_set_text(&row, COLUMN_session_id, name);
	record_set_text(&row, COLUMN_host_id, "h");
	record_set_text(&row, COLUMN_build_id, "b");
	record_set_text(&row, COLUMN_scenario, "stream");
	record_set_text(&row, COLUMN_backend, backend);
	record_set_text(&row, COLUMN_wait, "poll");
	record_set_text(&row, COLUMN_placement, "llc");
	record_set_integer(&row, COLUMN_duration_ns, 80000000);
	record_set_text(&row, COLUMN_status, "ok");
	record_set_integer(&row, COLUMN_round, round);
	record_set_real(&row, COLUMN_throughput_msg_per_s, rate);
	assert_int_equal(results_append(files[label], &row, &fault), 0);
}

/* Adds a session: rounds of both labels around its rate. The rate of b is
 * `ratio` times the rate of a. */
static void add_session(const char *backend, int session, double rate,
			double ratio)
{
	for (int round = 1; round <= ROUNDS; round++) {
		/* The noise alternates between up and down and grows from round
		 * to round. */
		double noise = 1 + (round % 2 ? 1e-4 : -1e-4) * round;

		add(0, backend, session, round, rate);
		add(1, backend, session, round, rate * ratio * noise);
	}
}

static void make(void)
{
	char a[64];

	strcpy(a, label_path(0));
	assert_int_equal(
		self_check_make(&check, a, label_path(1), &options, &fault), 0);
}

static void assert_near(double found, double golden)
{
	assert_true(fabs(found - golden) <= 1e-9 * fabs(golden));
}

static void equal_labels_give_no_false_positive(void **state)
{
	(void)state;
	for (int s = 0; s < SESSIONS; s++)
		add_session("mutex", s, 100, 1);
	make();
	assert_int_equal(check.sessions, SESSIONS);
	assert_int_equal(check.all.tests, SESSIONS);
	assert_int_equal(check.all.raw, 0);
	assert_int_equal(check.sessions_judged, 0);
}

static void false_positives_are_counted_for_each_session(void **state)
{
	(void)state;
	add_session("mutex", 0, 100, 1);
	add_session("mutex", 1, 100,
		    1.01); /* the difference is below the threshold */
	add_session("mutex", 2, 100, 1.10);
	add_session("mutex", 3, 100, 0.90);
	for (int s = 0; s < SESSIONS; s++)
		add_session("ck_mpmc", s, 50, 1);
	make();
	assert_int_equal(check.cells, 2);
	assert_int_equal(check.all.tests, 8);
	assert_int_equal(check.all.raw, 3);
	assert_int_equal(check.all.adjusted, 3);
	assert_int_equal(check.all.verdicts, 2);
	assert_int_equal(check.sessions_judged, 3);
}

/* 2^-6 = 1.6 % is below the level for one row, and above it for four. */
static void after_holm_fewer_differences_are_found(void **state)
{
	static const char *const others[] = { "ck_mpmc", "ck_spsc",
					      "spinlock" };

	(void)state;
	for (int round = 1; round <= 7; round++)
		for (int label = 0; label < 2; label++)
			add(label, "mutex", 0, round,
			    100 + label * (10 + round));
	for (size_t i = 0; i < 3; i++)
		add_session(others[i], 0, 100, 1);
	make();
	assert_int_equal(check.all.raw, 1);
	assert_int_equal(check.all.adjusted, 0);
	assert_int_equal(check.sessions_judged, 0);
}

static void the_noise_level_equals_that_of_r(void **state)
{
	static const double rates[2][SESSIONS] = { { 100, 104, 97, 101 },
						   { 50, 50, 55, 45 } };

	(void)state;
	for (int s = 0; s < SESSIONS; s++) {
		add_session("mutex", s, rates[0][s], 1);
		add_session("ck_mpmc", s, rates[1][s], 1);
	}
	make();
	assert_int_equal(check.count, 1);
	assert_string_equal(check.kinds[0].name, "stream poll llc");
	assert_int_equal(check.kinds[0].cells, 2);
	assert_near(check.kinds[0].noise_most, 0.622852351954);
	assert_near(check.kinds[0].noise_median,
		    (0.184993666297 + 0.622852351954) / 2);
}

static void one_session_has_no_noise_level(void **state)
{
	(void)state;
	add_session("mutex", 0, 100, 1);
	make();
	assert_true(isnan(check.kinds[0].noise_median));
	assert_true(isnan(check.kinds[0].noise_most));
}

static void bounds_have_no_noise_level(void **state)
{
	(void)state;
	add_session("mutex", 0, 100, 1);
	add_session("null", 0, 100, 2);
	make();
	assert_int_equal(check.cells, 1);
	assert_int_equal(check.all.tests, 1);
	assert_int_equal(check.all.raw, 0);
}

static void without_common_observations_there_is_an_error(void **state)
{
	char a[64];

	(void)state;
	add(0, "mutex", 0, 1, 100);
	add(1, "spinlock", 0, 1, 100);
	strcpy(a, label_path(0));
	assert_int_equal(
		self_check_make(&check, a, label_path(1), &options, &fault),
		-1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(equal_labels_give_no_false_positive),
		TEST(false_positives_are_counted_for_each_session),
		TEST(after_holm_fewer_differences_are_found),
		TEST(the_noise_level_equals_that_of_r),
		TEST(one_session_has_no_noise_level),
		TEST(bounds_have_no_noise_level),
		TEST(without_common_observations_there_is_an_error),
	};

	return cmocka_run_group_tests_name("self check", tests, NULL, NULL);
}
