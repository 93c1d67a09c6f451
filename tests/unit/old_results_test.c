/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results files that earlier revisions wrote stay readable: tests/old_results
 * has rows of each former format, named by its revision. The current format
 * also detects faults that the old formats could not detect.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "names.h"
#include "registry.h"
#include "results.h"

static struct fault fault;
static struct rows rows;

static void read_revision(const char *revision, size_t count)
{
	char path[128];

	snprintf(path, sizeof(path), "tests/old_results/%s.csv", revision);
	if (rows_read(path, &results_schema, &rows, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_int_equal(rows.count, count);
	assert_int_equal(rows.end.torn_bytes, 0);
}

static void a_newer_parameter_has_its_default(void **state)
{
	(void)state;
	read_revision("c0f7a03", 12);
	for (size_t i = 0; i < rows.count; i++) {
		const struct record *row = &rows.rows[i];
		bool stream = strcmp(record_text(row, COLUMN_scenario),
				     "stream") == 0;

		assert_string_equal(record_text(row, COLUMN_stop), "event");
		assert_int_equal(record_integer(row, column_of("batch")),
				 stream ? 1 : 0);
		assert_false(record_has(row, column_of("sync")));
	}
	rows_free(&rows);
}

static void a_newer_metric_is_empty(void **state)
{
	(void)state;
	read_revision("c0f7a03", 12);
	for (size_t i = 0; i < rows.count; i++)
		assert_false(record_has(&rows.rows[i], COLUMN_stop_ns));
	rows_free(&rows);
}

static void the_length_of_an_old_window_is_unknown(void **state)
{
	static const char *const revisions[] = { "c0f7a03", "6609b60",
						 "4beccdd" };

	(void)state;
	for (size_t r = 0; r < 3; r++) {
		read_revision(revisions[r], 12);
		for (size_t i = 0; i < rows.count; i++)
			assert_false(
				record_has(&rows.rows[i], COLUMN_duration_ns));
		rows_free(&rows);
	}
}

static void old_cells_have_the_current_names(void **state)
{
	char name[NAME_LONG_MAX];

	(void)state;
	read_revision("6609b60", 12);
	for (size_t i = 0; i < rows.count; i++) {
		name_long(&rows.rows[i], name);
		assert_null(strstr(name, "--stop"));
		assert_null(strstr(name, "--batch"));
		assert_non_null(strstr(name, "--scenario "));
	}
	rows_free(&rows);
}

static void a_row_without_an_attempt_is_the_first_attempt(void **state)
{
	(void)state;
	read_revision("6609b60", 12);
	for (size_t i = 0; i < rows.count; i++)
		assert_int_equal(record_integer(&rows.rows[i], COLUMN_attempt),
				 1);
	rows_free(&rows);
}

/* Reads a file in the current format. The second copy of the row, if there is
 * one, has this attempt. */
static int read_made_up_attempt(const char *from, const char *to, int copies,
				int attempt)
{
	char header[ROW_BYTES_MAX], row[ROW_BYTES_MAX], path[64];
	struct record record;
	char *found;
	FILE *file;
	int fd, error;

	strcpy(path, "/tmp/old_results_test.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	record_init(&record, &results_schema);
	record_set_text(&record, COLUMN_session_id, "s");
	record_set_integer(&record, COLUMN_round, 1);
	record_set_text(&record, COLUMN_scenario, "pingpong");
	record_set_text(&record, COLUMN_status, "ok");
	results_header(&results_schema, header);
	found = from ? strstr(header, from) : NULL;
	if (found)
		memcpy(found, to, strlen(to));
	fputs(header, file);
	for (int i = 0; i < copies; i++) {
		record_set_integer(&record, COLUMN_attempt, i ? attempt : 1);
		fwrite(row, 1, results_format(&record, row), file);
	}
	record_set_integer(&record, COLUMN_round, 2);
	fwrite(row, 1, results_format(&record, row), file);
	assert_int_equal(fclose(file), 0);
	error = rows_read(path, &results_schema, &rows, &fault);
	unlink(path);
	return error;
}

static int read_made_up(const char *from, const char *to, int copies)
{
	return read_made_up_attempt(from, to, copies, 1);
}

static void a_swapped_header_is_noticed(void **state)
{
	(void)state;
	assert_int_equal(read_made_up(NULL, NULL, 1), 0);
	assert_int_equal(rows.count, 2);
	rows_free(&rows);
	/* The swapped names have equal lengths, so that the swap is the only
	 * fault. */
	assert_int_equal(read_made_up("busy_ns,wait_empty_ns",
				      "wait_empty_ns,busy_ns", 1),
			 -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
	assert_non_null(strstr(fault.text, "wrong checksum"));
}

static void a_duplicate_row_is_refused_with_both_lines(void **state)
{
	(void)state;
	assert_int_equal(read_made_up(NULL, NULL, 2), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
	assert_non_null(strstr(fault.text,
			       ":3: the row repeats the observation of line "
			       "2"));
}

static void a_second_attempt_is_not_a_duplicate(void **state)
{
	(void)state;
	assert_int_equal(read_made_up_attempt(NULL, NULL, 2, 2), 0);
	assert_int_equal(rows.count, 3);
	assert_int_equal(record_integer(&rows.rows[1], COLUMN_attempt), 2);
	rows_free(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_newer_parameter_has_its_default),
		cmocka_unit_test(a_newer_metric_is_empty),
		cmocka_unit_test(the_length_of_an_old_window_is_unknown),
		cmocka_unit_test(old_cells_have_the_current_names),
		cmocka_unit_test(a_row_without_an_attempt_is_the_first_attempt),
		cmocka_unit_test(a_second_attempt_is_not_a_duplicate),
		cmocka_unit_test(a_swapped_header_is_noticed),
		cmocka_unit_test(a_duplicate_row_is_refused_with_both_lines),
	};

	return cmocka_run_group_tests_name("old results", tests, NULL, NULL);
}
