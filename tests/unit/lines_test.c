/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of any length are read, or refused, in bounded memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "lookup.h"
#include "results.h"

static FILE *file;
static struct lines lines;
static char *line;
static size_t length;

static int make_file(void **state)
{
	(void)state;
	file = tmpfile();
	assert_non_null(file);
	lines_open(&lines, file);
	return 0;
}

static int drop_file(void **state)
{
	(void)state;
	lines_close(&lines);
	return fclose(file);
}

static void lines_of_all_lengths_are_read_completely_and_in_order(void **state)
{
	size_t lengths[400];

	(void)state;
	for (size_t i = 0; i < 400; i++) {
		lengths[i] = i * i * 7919 % ROW_BYTES_MAX;
		for (size_t j = 0; j < lengths[i]; j++)
			fputc('a' + (int)(i % 26), file);
		fputc('\n', file);
	}
	rewind(file);
	for (size_t i = 0; i < 400; i++) {
		assert_false(lines_at_end(&lines));
		assert_int_equal(lines_next(&lines, &line, &length),
				 LINE_WHOLE);
		assert_int_equal(length, lengths[i]);
		for (size_t j = 0; j < length; j += 997)
			assert_int_equal(line[j], 'a' + (int)(i % 26));
	}
	assert_true(lines_at_end(&lines));
	assert_int_equal(lines_next(&lines, &line, &length), LINE_NONE);
}

static void the_longest_line_is_read_and_longer_lines_are_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2 * ROW_BYTES_MAX; i++)
		fputc(i == ROW_BYTES_MAX - 1 ? '\n' : 'x', file);
	rewind(file);
	assert_int_equal(lines_next(&lines, &line, &length), LINE_WHOLE);
	assert_int_equal(length, ROW_BYTES_MAX - 1);
	assert_int_equal(lines_next(&lines, &line, &length), LINE_TOO_LONG);
}

static void a_truncated_last_line_is_recognised(void **state)
{
	(void)state;
	fputs("one\n\ntwo", file);
	rewind(file);
	assert_int_equal(lines_next(&lines, &line, &length), LINE_WHOLE);
	assert_int_equal(length, 3);
	assert_int_equal(lines_next(&lines, &line, &length), LINE_WHOLE);
	assert_int_equal(length, 0);
	assert_int_equal(lines_next(&lines, &line, &length), LINE_CUT);
	assert_int_equal(length, 3);
	assert_int_equal(lines_next(&lines, &line, &length), LINE_NONE);
}

static int no_row(const struct record *row, void *arg)
{
	(void)row;
	(void)arg;
	fail();
	return 0;
}

/* A sparse file, which takes no space on disk; reading it must take little
 * memory. */
static void a_line_of_a_gigabyte_is_refused_with_little_memory(void **state)
{
	struct rlimit before, little;
	struct fault fault;
	struct rows_end end;
	int error;

	(void)state;
	assert_int_equal(ftruncate(fileno(file), 1L << 30), 0);
	rewind(file);
	assert_int_equal(getrlimit(RLIMIT_DATA, &before), 0);
	little = before;
	little.rlim_cur = 64 << 20;
	assert_int_equal(setrlimit(RLIMIT_DATA, &little), 0);
	error = rows_each_in(file, "huge.csv", &results_schema, no_row, NULL,
			     &end, &fault);
	assert_int_equal(setrlimit(RLIMIT_DATA, &before), 0);
	assert_int_equal(error, -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
	assert_non_null(strstr(fault.text,
			       "huge.csv:1: the line has more than 131072"));
}

/* Keys are bytes: NUL bytes and the length distinguish keys. */
static void an_added_key_keeps_its_number(void **state)
{
	enum {
		MOST = 20000
	};
	struct lookup lookup = { .count = 0 };

	(void)state;
	for (int turn = 0; turn < 2; turn++)
		for (uint64_t i = 0; i < MOST; i++) {
			uint64_t key = i << 32;
			bool added;

			assert_int_equal(
				lookup_add(&lookup, &key, sizeof(key), &added),
				2 * i);
			assert_int_equal(added, turn == 0);
			assert_int_equal(lookup_add(&lookup, &key,
						    sizeof(key) - 1, &added),
					 2 * i + 1);
			assert_int_equal(added, turn == 0);
		}
	assert_int_equal(lookup.count, 2 * MOST);
	lookup_free(&lookup);
	assert_int_equal(lookup.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_file, drop_file)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_of_all_lengths_are_read_completely_and_in_order),
		TEST(the_longest_line_is_read_and_longer_lines_are_refused),
		TEST(a_truncated_last_line_is_recognised),
		TEST(a_line_of_a_gigabyte_is_refused_with_little_memory),
		cmocka_unit_test(an_added_key_keeps_its_number),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
