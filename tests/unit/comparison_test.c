/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of compare: data of the sides, pairs, names, and printed
 * figures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "facts.h"
#include "judge.h"
#include "metrics.h"
#include "registry.h"
#include "run.h"
#include "naming.h"
#include "print.h"

static char dir[40];
static struct dataset set;
static struct fault fault;

static int start(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/comparison_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	dataset_init(&set, COLUMN_throughput_msg_per_s, NULL);
	return 0;
}

static int stop(void **state)
{
	char path[80];

	(void)state;
	dataset_free(&set);
	snprintf(path, sizeof(path), "%s/results.csv", dir);
	unlink(path);
	return rmdir(dir);
}

static struct record observed(const char *backend, const char *session,
			      int64_t round, double rate)
{
	struct record row;

	record_init(&row, &results_schema);
	record_set_text(&row, COLUMN_session_id, session);
	record_set_text(&row, COLUMN_host_id, "h");
	record_set_text(&row, COLUMN_build_id, "b");
	record_set_text(&row, COLUMN_scenario, "stream");
	record_set_text(&row, COLUMN_backend, backend);
	record_set_text(&row, COLUMN_wait, "poll");
	record_set_integer(&row, COLUMN_queues, 1);
	record_set_integer(&row, COLUMN_producers, 2);
	record_set_integer(&row, COLUMN_consumers, 1);
	record_set_text(&row, COLUMN_status, "ok");
	record_set_integer(&row, COLUMN_verified, 1);
	record_set_integer(&row, COLUMN_round, round);
	record_set_real(&row, COLUMN_throughput_msg_per_s, rate);
	return row;
}

/* Writes the rows as a file and reads it as one side. */
static void add(enum side_name side, const struct record *rows, size_t count)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "%s/results.csv", dir);
	unlink(path);
	fd = results_open(dir, &results_schema, &fault);
	assert_true(fd >= 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(results_append(fd, &rows[i], &fault), 0);
	close(fd);
	assert_int_equal(dataset_add(&set, side, path, &fault), 0);
}

static void a_row_takes_at_most_forty_bytes(void **state)
{
	(void)state;
	assert_true(sizeof(struct datum) <= 40);
}

static void rounds_are_paired_whatever_their_order_in_the_file(void **state)
{
	const struct record base[] = { observed("mutex", "s", 3, 300),
				       observed("mutex", "s", 1, 100),
				       observed("mutex", "t", 1, 500),
				       observed("mutex", "s", 2, 200) };
	const struct record new[] = { observed("mutex", "t", 1, 1000),
				      observed("mutex", "s", 1, 100 * M_E),
				      observed("mutex", "s", 3, 300),
				      observed("mutex", "u", 2, 1) };
	struct pairs pairs;

	(void)state;
	add(SIDE_BASELINE, base, 4);
	add(SIDE_CANDIDATE, new, 4);
	dataset_sort(&set);
	assert_int_equal(dataset_cells(&set), 1);
	assert_int_equal(dataset_sessions(&set, SIDE_CANDIDATE), 3);
	assert_int_equal(dataset_rounds(&set, SIDE_BASELINE), 3);
	pairs_make(&set, 0, SIDE_BASELINE, 0, SIDE_CANDIDATE, &pairs);
	assert_int_equal(pairs.count, 3);
	assert_int_equal(pairs.left_over, 2);
	/* Pairs are in the order in which sessions appear, then in the order of
	 * rounds. */
	assert_float_equal(pairs.logs[0], 1, 1e-8);
	assert_float_equal(pairs.logs[1], 0, 1e-8);
	assert_float_equal(pairs.logs[2], M_LN2, 1e-8);
	pairs_free(&pairs);
}

/* Foreign files may number their rounds as they like. */
static void rounds_with_any_number_can_be_paired(void **state)
{
	const struct record rows[] = { observed("mutex", "s", INT64_MAX, 1),
				       observed("mutex", "s", INT64_MIN, 2),
				       observed("mutex", "s", -1, 3) };
	struct pairs pairs;

	(void)state;
	add(SIDE_BASELINE, rows, 3);
	add(SIDE_CANDIDATE, rows, 3);
	dataset_sort(&set);
	pairs_make(&set, 0, SIDE_BASELINE, 0, SIDE_CANDIDATE, &pairs);
	assert_int_equal(pairs.count, 3);
	pairs_free(&pairs);
}

static void an_observation_in_two_files_counts_once(void **state)
{
	const struct record rows[] = { observed("mutex", "s", 1, 1),
				       observed("mutex", "s", 1, 1),
				       observed("mutex", "s", 2, 1) };
	size_t count;

	(void)state;
	add(SIDE_BASELINE, rows, 1);
	add(SIDE_BASELINE, rows + 1, 2);
	dataset_sort(&set);
	dataset_sort(&set); /* a second call changes nothing */
	dataset_data(&set, 0, SIDE_BASELINE, &count);
	assert_int_equal(count, 2);
	assert_int_equal(set.sides[SIDE_BASELINE].repeated, 1);
}

static void a_torn_row_is_left_out(void **state)
{
	const struct record rows[] = { observed("mutex", "s", 1, 1),
				       observed("mutex", "s", 2, 1) };
	char path[80];
	FILE *file;

	(void)state;
	add(SIDE_BASELINE, rows, 2);
	snprintf(path, sizeof(path), "%s/results.csv", dir);
	file = fopen(path, "a");
	assert_non_null(file);
	fputs("half,a,row", file);
	fclose(file);
	assert_int_equal(dataset_add(&set, SIDE_CANDIDATE, path, &fault), 0);
	assert_int_equal(set.sides[SIDE_CANDIDATE].count, 2);
}

static void names_contain_the_factors_that_differ(void **state)
{
	struct record rows[] = { observed("mutex", "s", 1, 1),
				 observed("ck_mpmc", "s", 1, 1) };
	struct comparison_options options = { .factor = -1 };
	struct comparison comparison = { .set = &set, .options = &options };
	struct naming naming;
	char name[NAME_SHORT_MAX];

	(void)state;
	record_set_integer(&rows[1], COLUMN_consumers, 4);
	record_set_integer(&rows[1], column_of("pause_ns"), 1500000);
	record_set_text(&rows[1], COLUMN_stop, "sentinel");
	add(SIDE_BASELINE, rows, 2);
	comparison_add_row(&comparison, 0, 0);
	comparison_add_row(&comparison, 1, 1);
	naming_of_rows(&naming, &comparison, 0, 2);
	name_short(&naming, row_factors(&comparison, 0), name);
	assert_string_equal(name, "mutex 2x1");
	name_short(&naming, row_factors(&comparison, 1), name);
	assert_string_equal(name, "ck_mpmc 2x4 stop=sentinel pause=1.5ms");
	name_common(&naming, name);
	assert_string_equal(name, "stream, poll");
	comparison_free(&comparison);
}

static void ratios_of_any_size_are_short(void **state)
{
	static const struct {
		double ratio;
		const char *text;
	} known[] = {
		{ NAN, "-" },	    { 0, "<.001" },	{ 0.0123, "0.012" },
		{ 1, "1.000" },	    { 9.999, "9.999" }, { 12.34, "12.3" },
		{ 117000, "117k" }, { 1e15, ">999T" },	{ INFINITY, ">999T" },
	};
	char text[FIGURE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		print_ratio(known[i].ratio, text);
		assert_string_equal(text, known[i].text);
	}
	print_interval(true, 0.9, 1.2, text);
	assert_string_equal(text, "0.900..1.200");
	print_interval(false, NAN, NAN, text);
	assert_string_equal(text, "-");
	print_share(0.0312, text);
	assert_string_equal(text, "3.1%");
	print_share(12.5, text);
	assert_string_equal(text, "1250%");
	print_share(INFINITY, text);
	assert_string_equal(text, ">9999%");
}

/* The interval agrees with the test. */
static void an_interval_ends_at_one_if_the_test_contradicts_it(void **state)
{
	double low = 0.99, high = 1.2;

	(void)state;
	judge_align(true, 1.1, &low, &high);
	assert_true(low == 1 && high == 1.2);
	low = 0.8;
	high = 1.01;
	judge_align(true, 0.9, &low, &high);
	assert_true(low == 0.8 && high == 1);
	low = 1.04;
	high = 1.2;
	judge_align(false, 1.1, &low, &high);
	assert_true(low == 1 && high == 1.2);
}

static struct session session_at(const char *started)
{
	struct session session = { .id = started };

	strcpy(session.started_at, started);
	return session;
}

static void sessions_alternate_if_no_side_is_two_sessions_ahead(void **state)
{
	struct session sessions[] = {
		session_at("2026-01-01T00:00:00Z"),
		session_at("2026-01-01T00:00:01Z"),
		session_at("2026-01-01T00:00:02Z"),
		session_at("2026-01-01T00:00:03Z"),
		session_at("2026-01-01T00:00:03Z"), /* at once */
		session_at(""),			    /* unknown */
	};
	struct dataset few = { .sessions = sessions, .session_count = 6 };
	static const struct {
		uint32_t base[3], new[3];
		size_t bases, news;
		bool alternate;
	} cases[] = {
		{ { 0, 2 }, { 1, 3 }, 2, 2, true },
		{ { 2, 0 }, { 3, 1 }, 2, 2, true }, /* in any order */
		{ { 0, 3 }, { 1, 2 }, 2, 2, true },
		{ { 0, 1 }, { 2, 3 }, 2, 2, false },
		{ { 0, 2, 3 }, { 1 }, 3, 1, false },
		{ { 0, 3 }, { 1, 4 }, 2, 2, false },
		{ { 0, 5 }, { 1, 2 }, 2, 2, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			sessions_alternate(&few, cases[i].base, cases[i].bases,
					   cases[i].new, cases[i].news),
			cases[i].alternate);
}

static void a_session_begins_with_its_first_row(void **state)
{
	struct record rows[] = { observed("mutex", "s", 1, 1),
				 observed("mutex", "s", 2, 1) };

	(void)state;
	record_set_text(&rows[0], COLUMN_started_at, "2026-01-01T00:00:09Z");
	record_set_text(&rows[1], COLUMN_started_at, "2026-01-01T00:00:05Z");
	add(SIDE_BASELINE, rows, 2);
	assert_int_equal(set.session_count, 1);
	assert_string_equal(set.sessions[0].started_at, "2026-01-01T00:00:05Z");
}

static void a_metric_is_compared_per_message_and_with_its_samples(void **state)
{
	struct record row = observed("mutex", "s", 1, 7);
	double value = 0;

	(void)state;
	record_set_integer(&row, COLUMN_cpu_ns, 3000);
	assert_false(metric_value(&row, COLUMN_cpu_ns, &value));
	record_set_integer(&row, COLUMN_messages, 0);
	assert_false(metric_value(&row, COLUMN_cpu_ns, &value));
	record_set_integer(&row, COLUMN_messages, 1000);
	assert_true(metric_value(&row, COLUMN_cpu_ns, &value));
	assert_true(value == 3);
	record_set_integer(&row, column_of("wake_p99_ns"), 5);
	record_set_integer(&row, column_of("wake_p50_ns"), 5);
	assert_true(metric_value(&row, column_of("wake_p99_ns"), &value));
	record_set_integer(&row, COLUMN_messages, 999);
	assert_false(metric_value(&row, column_of("wake_p99_ns"), &value));
	record_set_integer(&row, COLUMN_messages, 20);
	assert_true(metric_value(&row, column_of("wake_p50_ns"), &value));
	record_set_integer(&row, COLUMN_messages, 19);
	assert_false(metric_value(&row, column_of("wake_p50_ns"), &value));
}

static void assert_duration(const char *text, int64_t duration)
{
	json_t *facts = json_loads(text, 0, NULL);

	assert_non_null(facts);
	assert_int_equal(run_duration(facts), duration);
	json_decref(facts);
}

static void the_length_of_the_windows_is_read_from_the_plan(void **state)
{
	(void)state;
	assert_duration("{\"plan\": {\"lines\": [\"--wait x --duration 150ms\","
			" \"--duration 150ms --wait y\"]}}",
			150000000);
	assert_duration("{\"plan\": {\"lines\": [\"--wait x\"]}}", 200000000);
	assert_duration("{\"plan\": {\"lines\": [\"--duration 1ms\","
			" \"--duration 2ms\"]}}",
			-1);
	assert_duration("{\"plan\": {\"lines\": [\"--duration 1ms,2ms\"]}}",
			-1);
	assert_duration("{\"plan\": {\"lines\": [\"--messages 5\"]}}", -1);
	assert_duration("{\"plan\": {\"lines\": [7]}}", -1);
	assert_duration("{\"plan\": {}}", -1);
	assert_duration("{}", -1);
}

static void columns_are_found_with_and_without_their_unit(void **state)
{
	(void)state;
	assert_int_equal(factor_find("pause", &fault), column_of("pause_ns"));
	assert_int_equal(factor_find("pause_ns", &fault),
			 column_of("pause_ns"));
	assert_int_equal(factor_find("messages", &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_USAGE);
	assert_int_equal(metric_find("messages", &fault), COLUMN_messages);
	assert_int_equal(metric_find("numbers", &fault), -1);
	assert_int_equal(metric_find("page_faults", &fault), -1);
	assert_int_equal(metric_better(COLUMN_throughput_msg_per_s),
			 BETTER_HIGHER);
	assert_int_equal(metric_better(COLUMN_cpu_ns), BETTER_LOWER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_row_takes_at_most_forty_bytes),
		TEST(rounds_are_paired_whatever_their_order_in_the_file),
		TEST(rounds_with_any_number_can_be_paired),
		TEST(an_observation_in_two_files_counts_once),
		TEST(a_torn_row_is_left_out),
		TEST(names_contain_the_factors_that_differ),
		TEST(ratios_of_any_size_are_short),
		TEST(an_interval_ends_at_one_if_the_test_contradicts_it),
		TEST(sessions_alternate_if_no_side_is_two_sessions_ahead),
		TEST(a_session_begins_with_its_first_row),
		TEST(a_metric_is_compared_per_message_and_with_its_samples),
		TEST(the_length_of_the_windows_is_read_from_the_plan),
		TEST(columns_are_found_with_and_without_their_unit),
	};

	return cmocka_run_group_tests_name("comparison", tests, NULL, NULL);
}
