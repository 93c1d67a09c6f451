/* SPDX-License-Identifier: BSD-2-Clause */
/* The transfer of an observation from the measuring process to the runner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "observation.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct observation observation;
static struct record *result = &observation.result;

static int set_up(void **state)
{
	(void)state;
	observation_init(&observation);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	observation_free(&observation);
	return 0;
}

static void read_text(const char *text)
{
	char *copy = strdup(text);

	observation_free(&observation);
	observation_init(&observation);
	observation_read(&observation, copy);
	free(copy);
}

static void assert_crashed(const char *text, const char *reason)
{
	read_text(text);
	if (strcmp(record_text(result, COLUMN_status), "crashed") != 0)
		fail_msg("a result is made of: %s", text);
	if (!strstr(observation.reason, reason))
		fail_msg("\"%s\" does not say \"%s\"", observation.reason,
			 reason);
	assert_null(strpbrk(observation.reason, "\r\n"));
}

static char *written(const struct observation *from)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	observation_write(from, to);
	assert_int_equal(fclose(to), 0);
	return text;
}

static void an_observation_arrives_unchanged(void **state)
{
	struct record *thread;
	char *first, *second;

	(void)state;
	record_set_text(result, COLUMN_status, "ok");
	record_set_text(result, COLUMN_flags, "stolen+few_laps");
	record_set_integer(result, COLUMN_messages, INT64_MAX);
	record_set_integer(result, COLUMN_timeouts, 0);
	record_set_real(result, COLUMN_idle_share, 0.125);
	thread = observation_add_thread(&observation, "producer-0");
	record_set_integer(thread, THREAD_messages, 11);
	thread = observation_add_thread(&observation, "consumer-1");
	record_set_integer(thread, THREAD_messages, 10);
	first = written(&observation);
	read_text(first);
	assert_string_equal(record_text(result, COLUMN_status), "ok");
	assert_string_equal(record_text(result, COLUMN_flags),
			    "stolen+few_laps");
	assert_int_equal(record_integer(result, COLUMN_messages), INT64_MAX);
	assert_true(record_has(result, COLUMN_timeouts));
	assert_false(record_has(result, COLUMN_lost));
	assert_true(record_number(result, COLUMN_idle_share) == 0.125);
	assert_int_equal(observation.thread_count, 2);
	assert_string_equal(record_text(&observation.threads[0], THREAD_thread),
			    "producer-0");
	assert_int_equal(
		record_integer(&observation.threads[0], THREAD_messages), 11);
	assert_int_equal(
		record_integer(&observation.threads[1], THREAD_messages), 10);
	second = written(&observation);
	assert_string_equal(first, second);
	free(first);
	free(second);
}

static void the_reason_of_a_failure_arrives(void **state)
{
	char *text;

	(void)state;
	observation_fail(&observation, "failed", "lost %d of %s", 3, "many");
	assert_string_equal(record_text(result, COLUMN_status), "failed");
	text = written(&observation);
	read_text(text);
	free(text);
	assert_string_equal(record_text(result, COLUMN_status), "failed");
	assert_string_equal(observation.reason, "lost 3 of many");
}

static void a_reason_is_one_line(void **state)
{
	(void)state;
	observation_fail(&observation, "crashed", "first\nsecond\r\nthird\n");
	assert_string_equal(observation.reason, "first second  third ");
}

static void a_long_reason_is_truncated(void **state)
{
	char lengthy[2 * REASON_MAX];
	char *text;

	(void)state;
	memset(lengthy, 'x', sizeof(lengthy) - 1);
	lengthy[sizeof(lengthy) - 1] = '\0';
	observation_fail(&observation, "crashed", "%s", lengthy);
	assert_int_equal(strlen(observation.reason), REASON_MAX - 1);
	text = malloc(4 * REASON_MAX);
	snprintf(text, 4 * REASON_MAX, "status hung\nreason %s\nend\n",
		 lengthy);
	read_text(text);
	free(text);
	assert_int_equal(strlen(observation.reason), REASON_MAX - 1);
}

/* A reason can come from another program, and it is printed on a terminal. */
static void a_received_reason_becomes_one_line(void **state)
{
	(void)state;
	read_text("status error\nreason no such\rqueue\r\nend\n");
	assert_null(strpbrk(observation.reason, "\r\n"));
}

static void the_last_failure_is_reported(void **state)
{
	(void)state;
	observation_fail(&observation, "failed", "lost some");
	observation_fail(&observation, "crashed", "ended by signal 11");
	assert_string_equal(record_text(result, COLUMN_status), "crashed");
	assert_string_equal(observation.reason, "ended by signal 11");
}

static void an_unknown_column_is_a_crash(void **state)
{
	(void)state;
	assert_crashed("status ok\ncolour blue\nend\n", "\"colour blue\"");
	assert_crashed("hello\n", "\"hello\"");
	assert_crashed("status ok\nSTATUS ok\nend\n", "\"STATUS ok\"");
	/* waits is only a column of threads.csv. */
	assert_crashed("status ok\nwaits 5\nend\n", "\"waits 5\"");
	assert_crashed("status ok\nthread A\nverified 1\nend\n",
		       "\"verified 1\"");
	assert_crashed(" status ok\nend\n", "\" status ok\"");
}

static void a_malformed_value_is_a_crash(void **state)
{
	static const char *const bad[] = {
		"messages many",
		"messages 1.5",
		"messages  5",
		"messages 5 ",
		"messages 0x5",
		"idle_share nan",
		"idle_share inf",
		"messages 5\r",
		"messages 9223372036854775808",
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		snprintf(text, sizeof(text), "status ok\n%s\nend\n", bad[i]);
		assert_crashed(text, "not a column and a value");
	}
}

static void a_thread_without_a_name_is_a_crash(void **state)
{
	(void)state;
	assert_crashed("status ok\nthread\nend\n", "\"thread\"");
	assert_crashed("status ok\nthread \nend\n", "\"thread\"");
}

static void an_output_without_its_end_is_a_crash(void **state)
{
	(void)state;
	assert_crashed("", "without a result");
	assert_crashed("\n\n", "without a result");
	assert_crashed("status ok\nmessages 5\n", "without a result");
	assert_crashed("status ok\nmessages 5\nen", "\"en\"");
	assert_crashed("status ok\nend of it\n", "\"end of it\"");
}

/* A truncated output must not give a truncated number. */
static void every_prefix_of_an_output_is_a_crash(void **state)
{
	static const char text[] = "status ok\nverified 1\nmessages 12345\n"
				   "thread A-0\nmessages 12345\nend";
	char prefix[sizeof(text)];

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		memcpy(prefix, text, i);
		prefix[i] = '\0';
		assert_crashed(prefix, "");
	}
	read_text(text);
	assert_string_equal(record_text(result, COLUMN_status), "ok");
}

static void a_result_without_a_status_is_a_crash(void **state)
{
	(void)state;
	assert_crashed("end\n", "without a status");
	assert_crashed("messages 5\nend\n", "without a status");
	assert_crashed("status\nend\n", "without a status");
	/* A flag of a thread is not a status. */
	assert_crashed("messages 5\nthread A\nflags ok\nend\n",
		       "without a status");
}

static void a_very_long_line_is_a_crash_with_a_short_reason(void **state)
{
	static char text[100000];

	(void)state;
	memset(text, 'x', sizeof(text) - 2);
	text[sizeof(text) - 2] = '\n';
	assert_crashed(text, "not a column and a value");
	assert_true(strlen(observation.reason) < 120);
	memcpy(text, "flags ", 6);
	assert_crashed(text, "\"flags xxx");
}

static void an_empty_value_means_not_measured(void **state)
{
	(void)state;
	read_text("status ok\nmessages \ntimeouts\nlost 0\nend\n");
	assert_string_equal(record_text(result, COLUMN_status), "ok");
	assert_false(record_has(result, COLUMN_messages));
	assert_false(record_has(result, COLUMN_timeouts));
	assert_true(record_has(result, COLUMN_lost));
}

static void many_threads_are_accepted(void **state)
{
	char text[4096] = "status ok\n";

	(void)state;
	for (int i = 0; i < RIG_THREADS_MAX; i++)
		sprintf(text + strlen(text), "thread t-%d\nmessages %d\n", i,
			i);
	strcat(text, "end\n");
	read_text(text);
	assert_int_equal(observation.thread_count, RIG_THREADS_MAX);
	for (int i = 0; i < RIG_THREADS_MAX; i++)
		assert_int_equal(record_integer(&observation.threads[i],
						THREAD_messages),
				 i);
}

static void a_new_observation_is_empty(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(observation.thread_count, 0);
	text = written(&observation);
	assert_string_equal(text, "end\n");
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_observation_arrives_unchanged),
		TEST(the_reason_of_a_failure_arrives),
		TEST(a_reason_is_one_line),
		TEST(a_long_reason_is_truncated),
		TEST(a_received_reason_becomes_one_line),
		TEST(the_last_failure_is_reported),
		TEST(an_unknown_column_is_a_crash),
		TEST(a_malformed_value_is_a_crash),
		TEST(a_thread_without_a_name_is_a_crash),
		TEST(an_output_without_its_end_is_a_crash),
		TEST(every_prefix_of_an_output_is_a_crash),
		TEST(a_result_without_a_status_is_a_crash),
		TEST(a_very_long_line_is_a_crash_with_a_short_reason),
		TEST(an_empty_value_means_not_measured),
		TEST(many_threads_are_accepted),
		TEST(a_new_observation_is_empty),
	};

	return cmocka_run_group_tests_name("observation", tests, NULL, NULL);
}
