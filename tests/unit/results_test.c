/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows in files: written rows read back equal, and write errors are
 * reported. */
#include "results_sample.h"

static void written_rows_read_back_equal(void **state)
{
	char text[FILE_MAX];
	size_t length = write_sample(text);
	struct rows rows;

	(void)state;
	assert_int_equal(read_rows(&rows), 0);
	assert_int_equal(rows.count, ROWS);
	assert_int_equal(rows.end.good_bytes, length);
	assert_int_equal(rows.end.torn_bytes, 0);
	for (int i = 1; i <= ROWS; i++)
		assert_sample(&rows.rows[i - 1], i);
	rows_free(&rows);
}

static void an_unmeasured_value_is_empty_and_not_zero(void **state)
{
	char text[FILE_MAX];
	struct rows rows;

	(void)state;
	write_sample(text);
	assert_int_equal(read_rows(&rows), 0);
	assert_false(record_has(&rows.rows[0], COLUMN_lost));
	assert_true(record_has(&rows.rows[0], COLUMN_timeouts));
	assert_int_equal(record_integer(&rows.rows[0], COLUMN_timeouts), 0);
	rows_free(&rows);
}

static void the_header_is_written_once(void **state)
{
	char once[FILE_MAX], text[FILE_MAX];
	struct record record = sample(1);
	char row[ROW_BYTES_MAX];
	size_t length, row_length = results_format(&record, row);

	(void)state;
	unlink(path);
	close(results_open(dir, &results_schema, &fault));
	length = get(once);
	assert_memory_equal(once, "run_id,session_id,", 18);
	assert_string_equal(once + length - 10, ",checksum\n");
	for (int i = 0; i < 2; i++) {
		int fd = results_open(dir, &results_schema, &fault);

		assert_true(fd >= 0);
		assert_int_equal(results_append(fd, &record, &fault), 0);
		close(fd);
	}
	assert_int_equal(get(text), length + 2 * row_length);
	assert_memory_equal(text, once, length);
	assert_memory_equal(text + length, row, row_length);
	assert_memory_equal(text + length + row_length, row, row_length);
}

static void quotes_are_written_only_where_rfc_4180_needs_them(void **state)
{
	static const char expected[] =
		"\"a,\"\"b\"\"\",plain text; no 'quotes',,";
	struct record record;
	char row[ROW_BYTES_MAX];

	(void)state;
	record_init(&record, &results_schema);
	record_set_text(&record, COLUMN_run_id, "a,\"b\"");
	record_set_text(&record, COLUMN_session_id, "plain text; no 'quotes'");
	results_format(&record, row);
	assert_memory_equal(row, expected, strlen(expected));
}

static void any_text_reads_back_equal(void **state)
{
	static const char *const texts[] = {
		",",	"\"",	    "\"\"", ",\",",	    "\"a\"",
		"a\"b", " a ",	    "#",    "a,b,c",	    "\"\"\"",
		"1e5",	"\xc3\xa4", "'",    "=1+1",	    "\"a,",
		",b\"", "\xc2\xa0", ";",    "{\"a\": [1]}", "\\\"",
	};
	struct rows rows;
	int fd;

	(void)state;
	unlink(path);
	fd = results_open(dir, &results_schema, &fault);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct record record = sample(1);

		record_set_text(&record, COLUMN_backend, texts[i]);
		assert_int_equal(results_append(fd, &record, &fault), 0);
	}
	close(fd);
	assert_int_equal(read_rows(&rows), 0);
	assert_int_equal(rows.count, COUNT_OF(texts));
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_string_equal(record_text(&rows.rows[i], COLUMN_backend),
				    texts[i]);
	rows_free(&rows);
}

static void a_text_with_control_characters_is_refused(void **state)
{
	static const char *const texts[] = { "\x1b[2J", "a\tb",	    "\x7f",
					     "\x9b",	"\xc2\x9b", "\xff" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct record record = sample(1);
		struct rows rows;
		int fd;

		unlink(path);
		fd = results_open(dir, &results_schema, &fault);
		record_set_text(&record, COLUMN_backend, texts[i]);
		assert_int_equal(results_append(fd, &record, &fault), 0);
		close(fd);
		assert_int_equal(read_rows(&rows), -1);
		assert_int_equal(fault.exit_code, EXIT_DATA);
	}
}

static void a_row_with_the_longest_texts_fits(void **state)
{
	char quotes[RECORD_FIELD_MAX];
	char row[ROW_BYTES_MAX];
	struct record record;
	struct rows rows;
	int fd;

	(void)state;
	memset(quotes, '"', sizeof(quotes));
	quotes[sizeof(quotes) - 1] = '\0';
	record_init(&record, &results_schema);
	for (int i = 0; i < (int)results_schema.count; i++)
		if (results_schema.columns[i].is_derived)
			continue;
		else if (results_schema.columns[i].type == TYPE_TEXT)
			record_set_text(&record, i, quotes);
		else if (results_schema.columns[i].type == TYPE_INTEGER)
			record_set_integer(&record, i, INT64_MIN);
		else
			record_set_real(&record, i, -1.23456789e-300);
	assert_true(results_format(&record, row) <= ROW_BYTES_MAX);
	unlink(path);
	fd = results_open(dir, &results_schema, &fault);
	assert_int_equal(results_append(fd, &record, &fault), 0);
	close(fd);
	assert_int_equal(read_rows(&rows), 0);
	assert_string_equal(record_text(&rows.rows[0], COLUMN_flags), quotes);
	rows_free(&rows);
}

static void a_file_instead_of_the_folder_is_an_error(void **state)
{
	char file[64];

	(void)state;
	assert_int_equal(
		results_open("/no/such/folder", &results_schema, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
	assert_non_null(strstr(fault.text, "/no/such/folder/results.csv"));
	assert_non_null(strstr(fault.text, "--out"));
	/* A file instead of the folder also stops root. */
	put("x", 1);
	snprintf(file, sizeof(file), "%s", path);
	assert_int_equal(results_open(file, &results_schema, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
}

static void a_folder_without_permission_is_an_error(void **state)
{
	uid_t user = geteuid();

	(void)state;
	unlink(path);
	assert_int_equal(chmod(dir, 0555), 0);
	/* root may write everywhere, so the test becomes the user nobody for a
	 * moment. */
	if (user == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(results_open(dir, &results_schema, &fault), -1);
	assert_int_equal(seteuid(user), 0);
	assert_int_equal(chmod(dir, 0700), 0);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
}

static void a_full_disk_is_reported(void **state)
{
	struct record record = sample(1);
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(results_append(fd, &record, &fault), -1);
	close(fd);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
	assert_non_null(strstr(fault.text, "No space left"));
	assert_non_null(strstr(fault.text, "free some space"));
}

static void an_incomplete_write_is_an_error(void **state)
{
	struct record record = sample(1);
	char row[ROW_BYTES_MAX];
	size_t length = results_format(&record, row);
	int ends[2];

	(void)state;
	/* A pipe with room for a part of the row only. */
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 4096);
	while (write(ends[1], row, length) == (ssize_t)length)
		;
	assert_int_equal(results_append(ends[1], &record, &fault), -1);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_rows_read_back_equal),
		cmocka_unit_test(an_unmeasured_value_is_empty_and_not_zero),
		cmocka_unit_test(the_header_is_written_once),
		cmocka_unit_test(
			quotes_are_written_only_where_rfc_4180_needs_them),
		cmocka_unit_test(any_text_reads_back_equal),
		cmocka_unit_test(a_text_with_control_characters_is_refused),
		cmocka_unit_test(a_row_with_the_longest_texts_fits),
		cmocka_unit_test(a_file_instead_of_the_folder_is_an_error),
		cmocka_unit_test(a_folder_without_permission_is_an_error),
		cmocka_unit_test(a_full_disk_is_reported),
		cmocka_unit_test(an_incomplete_write_is_an_error),
	};

	return cmocka_run_group_tests_name("results", tests, make_dir,
					   remove_dir);
}
