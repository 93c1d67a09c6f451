/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in another format than that of this version: no header, other line
 * ends, wrong CSV, wrong values. Checksums are right unless stated otherwise,
 * so that the later checks must find the fault.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "results.h"

enum {
	FILE_MAX = 1 << 16,
};

#define COLUMNS ((int)results_schema.count)

static char dir[40];
static char path[64];	    /* path of results.csv in dir */
static char text[FILE_MAX]; /* the text of the file */
static size_t length;
static struct fault fault;
static struct rows rows;

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/foreign_results_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/results.csv", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static int start_over(void **state)
{
	(void)state;
	length = 0;
	unlink(path);
	return 0;
}

static void add(const char *more, size_t bytes)
{
	assert_true(length + bytes < sizeof(text));
	memcpy(text + length, more, bytes);
	length += bytes;
	text[length] = '\0';
}

/* The header, without its last column, then `more`. */
static void add_header(const char *more)
{
	for (size_t i = 0; i < results_schema.count; i++) {
		add(results_schema.columns[i].name,
		    strlen(results_schema.columns[i].name));
		add(",", 1);
	}
	add(more, strlen(more));
}

/* Adds a row with the right checksum; bytes: length of the fields. */
static void add_row(const char *fields, size_t bytes)
{
	char checksum[16];
	int digits = snprintf(
		checksum, sizeof(checksum), ",%08lx\n",
		crc32(0, (const unsigned char *)fields, (unsigned)bytes));

	add(fields, bytes);
	add(checksum, (size_t)digits);
}

static void add_empty_row(size_t commas)
{
	char row[FILE_MAX / 2];

	memset(row, ',', commas);
	add_row(row, commas);
}

/* Adds a row in which only one column has a value, this text. */
static void add_row_with(enum result_column column, const char *field,
			 size_t bytes)
{
	char row[FILE_MAX / 2];
	size_t at = 0;

	for (int i = 0; i < COLUMNS; i++) {
		if (i)
			row[at++] = ',';
		if (i == (int)column) {
			memcpy(row + at, field, bytes);
			at += bytes;
		}
	}
	add_row(row, at);
}

static int read_it(void)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	memset(&fault, 0, sizeof(fault));
	return rows_read(path, &results_schema, &rows, &fault);
}

static void assert_fault(const char *hint)
{
	assert_int_equal(read_it(), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
	if (!strstr(fault.text, hint))
		fail_msg("\"%s\" does not say \"%s\"", fault.text, hint);
	assert_null(strchr(fault.text, '\n'));
	assert_int_equal(rows.count, 0);
}

static void an_unknown_column_is_ignored(void **state)
{
	char row[FILE_MAX / 2] = "x,";

	(void)state;
	add("new_column,", 11);
	add_header("checksum\n");
	memset(row + 2, ',', results_schema.count - 1);
	row[2 + COLUMN_round] = '\0';
	strcat(row, "7");
	for (int i = COLUMN_round; i < COLUMNS - 1; i++)
		strcat(row, ",");
	add_row(row, strlen(row));
	assert_int_equal(read_it(), 0);
	assert_int_equal(rows.count, 1);
	assert_int_equal(record_integer(&rows.rows[0], COLUMN_round), 7);
	assert_false(record_has(&rows.rows[0], COLUMN_run_id));
	rows_free(&rows);
}

static void columns_are_found_by_name_and_not_by_position(void **state)
{
	char row[FILE_MAX / 2] = "";

	(void)state;
	/* All columns in reverse order, except for the checksum. */
	for (size_t i = results_schema.count; i-- > 0;) {
		add(results_schema.columns[i].name,
		    strlen(results_schema.columns[i].name));
		add(",", 1);
		strcat(row, i == COLUMN_messages ? "42" : "");
		strcat(row, i ? "," : "");
	}
	add("checksum\n", 9);
	add_row(row, strlen(row));
	assert_int_equal(read_it(), 0);
	assert_int_equal(record_integer(&rows.rows[0], COLUMN_messages), 42);
	rows_free(&rows);
}

static void a_duplicate_column_is_refused(void **state)
{
	(void)state;
	add_header("messages,checksum\n");
	assert_fault("appears twice");
}

static void leave_out(const char *name)
{
	char *gone = strstr(text, name);
	size_t bytes = strlen(name);

	memmove(gone, gone + bytes, strlen(gone + bytes) + 1);
	length -= bytes;
}

static void a_file_without_the_column_round_is_refused(void **state)
{
	(void)state;
	add_header("checksum\n");
	leave_out("round,");
	assert_fault("the column round is missing");
}

static void a_metric_that_an_old_file_lacks_is_empty(void **state)
{
	(void)state;
	add_header("checksum\n");
	leave_out("stop_ns,");
	add_empty_row(results_schema.count - 2);
	assert_int_equal(read_it(), 0);
	assert_int_equal(rows.count, 1);
	assert_false(record_has(&rows.rows[0], COLUMN_stop_ns));
	rows_free(&rows);
}

static void a_header_without_the_checksum_at_its_end_is_refused(void **state)
{
	(void)state;
	add_header("sum\n");
	assert_fault("the last column of the header is not checksum");
}

static void a_row_with_one_field_more_is_refused(void **state)
{
	(void)state;
	add_header("checksum\n");
	add_empty_row(results_schema.count);
	assert_fault("more fields than the header");
}

static void a_row_with_one_field_less_is_refused(void **state)
{
	(void)state;
	add_header("checksum\n");
	/* The row ends before flags, so the checksum is read as flags. */
	add_empty_row(COLUMN_flags - 1);
	assert_fault("fewer fields than the header");
}

static void a_value_of_the_wrong_type_is_refused_by_name(void **state)
{
	(void)state;
	add_header("checksum\n");
	add_row_with(COLUMN_messages, "many", 4);
	assert_fault("messages cannot be \"many\"");
	assert_non_null(strstr(fault.text, ".csv:2: field"));
	start_over(NULL);
	add_header("checksum\n");
	add_row_with(COLUMN_idle_share, "nan", 3);
	assert_fault("idle_share cannot be \"nan\"");
}

static void a_nul_byte_is_refused(void **state)
{
	(void)state;
	add_header("checksum\n");
	add_row_with(COLUMN_backend, "mu\0tex", 6);
	assert_fault("NUL");
	start_over(NULL);
	add_header("more\0,checksum\n");
	add("\0,checksum\n", 11);
	assert_fault("NUL");
}

static void a_misplaced_quote_is_refused(void **state)
{
	static const char *const wrong[] = { "a\"b", "\"a\"b", "\"a", "a\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		start_over(NULL);
		add_header("checksum\n");
		add_row_with(COLUMN_backend, wrong[i], strlen(wrong[i]));
		assert_fault("quote");
	}
}

static void a_line_end_within_quotes_is_refused(void **state)
{
	(void)state;
	add_header("checksum\n");
	add_row_with(COLUMN_backend, "\"a\rb\"", 5);
	assert_fault("backend cannot be");
	start_over(NULL);
	add_header("checksum\n");
	add_row_with(COLUMN_backend, "\"a\nb\"", 5);
	assert_fault("checksum");
}

static void a_file_with_dos_line_ends_is_named_as_such(void **state)
{
	(void)state;
	add_header("checksum\r\n");
	add_row_with(COLUMN_messages, "5", 1);
	assert_fault(".csv:1: the line ends in CR LF");
	for (int rows_before = 0; rows_before < 2; rows_before++) {
		start_over(NULL);
		add_header("checksum\n");
		for (int i = 0; i < rows_before; i++)
			add_row_with(COLUMN_messages, "5", 1);
		add_row_with(COLUMN_messages, "5", 1);
		text[length - 1] = '\r';
		add("\n", 1);
		assert_fault("ends in CR LF");
	}
	assert_non_null(strstr(fault.text, ".csv:3: "));
}

static void a_byte_order_mark_is_named_as_such(void **state)
{
	(void)state;
	add("\xef\xbb\xbf", 3);
	add_header("checksum\n");
	assert_fault(".csv:1: the file begins with a byte order mark");
}

static void numbers_with_a_comma_or_out_of_range_are_refused(void **state)
{
	static const struct {
		enum result_column column;
		const char *field;
		const char *hint;
	} wrong[] = {
		{ COLUMN_idle_share, "1e400",
		  "idle_share cannot be \"1e400\"" },
		{ COLUMN_messages, "1e400", "messages cannot be \"1e400\"" },
		{ COLUMN_messages, "9223372036854775808", "messages cannot" },
		{ COLUMN_idle_share, "\"1,5\"",
		  "idle_share cannot be \"1,5\"" },
		{ COLUMN_idle_share, "1,5", "more fields than the header" },
		{ COLUMN_idle_share, "-inf", "idle_share cannot be" },
		{ COLUMN_idle_share, "NaN", "idle_share cannot be" },
		{ COLUMN_messages, " 5", "messages cannot be" },
		{ COLUMN_messages, "0x5", "messages cannot be" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		start_over(NULL);
		add_header("checksum\n");
		add_row_with(wrong[i].column, wrong[i].field,
			     strlen(wrong[i].field));
		assert_fault(wrong[i].hint);
		assert_non_null(strstr(fault.text, ".csv:2: field"));
	}
}

static void a_blank_line_between_rows_is_refused(void **state)
{
	(void)state;
	add_header("checksum\n\n");
	add_row_with(COLUMN_messages, "5", 1);
	assert_fault("checksum");
}

static void a_file_that_is_not_a_results_file_is_refused(void **state)
{
	static const char *const other[] = {
		"", "\n", "hello", "hello\n", "a,b,c\n1,2,3\n", "\x7f\x45LF\n"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		start_over(NULL);
		add(other[i], strlen(other[i]));
		assert_fault("the file is not a");
	}
}

static void threads_csv_is_not_accepted_as_results_csv(void **state)
{
	(void)state;
	for (size_t i = 0; i < threads_schema.count; i++) {
		add(threads_schema.columns[i].name,
		    strlen(threads_schema.columns[i].name));
		add(i + 1 < threads_schema.count ? "," : "\n", 1);
	}
	assert_fault("the column status is missing");
}

static void a_missing_results_file_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(
		rows_read("/no/such/file", &results_schema, &rows, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
	assert_non_null(strstr(fault.text, "/no/such/file: No such file"));
	/* A folder can be opened but not read. */
	assert_int_equal(rows_read(dir, &results_schema, &rows, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
}

static void assert_not_appended_to(const char *hint)
{
	char after[FILE_MAX];
	FILE *file = fopen(path, "w");

	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
	memset(&fault, 0, sizeof(fault));
	assert_int_equal(results_open(dir, &results_schema, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
	if (!strstr(fault.text, hint))
		fail_msg("\"%s\" does not say \"%s\"", fault.text, hint);
	file = fopen(path, "r");
	assert_int_equal(fread(after, 1, sizeof(after), file), length);
	fclose(file);
	assert_memory_equal(after, text, length);
}

static void a_file_with_another_header_is_not_appended_to(void **state)
{
	(void)state;
	add("a,b,c\n", 6);
	assert_not_appended_to("does not begin with the header");
	start_over(NULL);
	add_header("new_column,sum\n");
	assert_not_appended_to("does not begin with the header");
}

/* A kill or a full disk can cut the header at the start of a run. */
static void a_truncated_header_is_completed(void **state)
{
	static const size_t cuts[] = { 1, 7, 100 };
	char whole[FILE_MAX], after[FILE_MAX];
	int begun;

	(void)state;
	unlink(path);
	begun = results_open(dir, &results_schema, &fault);
	assert_true(begun >= 0);
	length = (size_t)pread(begun, whole, sizeof(whole), 0);
	close(begun);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		FILE *file = fopen(path, "w");
		int fd;

		assert_int_equal(fwrite(whole, 1, length - cuts[i], file),
				 length - cuts[i]);
		fclose(file);
		fd = results_open(dir, &results_schema, &fault);
		assert_true(fd >= 0);
		assert_int_equal(pread(fd, after, sizeof(after), 0), length);
		assert_memory_equal(after, whole, length);
		close(fd);
	}
}

static void a_pipe_is_refused_as_a_results_file(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	memset(&fault, 0, sizeof(fault));
	assert_int_equal(results_open(dir, &results_schema, &fault), -1);
	unlink(path);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
	assert_non_null(strstr(fault.text, "not a regular file"));
}

/* A row after half a row would make both rows unreadable. */
static void a_file_with_a_torn_end_is_not_appended_to(void **state)
{
	(void)state;
	add_header("checksum\n");
	add_row_with(COLUMN_messages, "5", 1);
	length--; /* only the newline is missing */
	assert_not_appended_to("--resume");
	length -= 20;
	assert_not_appended_to("--resume");
}

#define TEST(name) cmocka_unit_test_setup(name, start_over)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_unknown_column_is_ignored),
		TEST(columns_are_found_by_name_and_not_by_position),
		TEST(a_duplicate_column_is_refused),
		TEST(a_file_without_the_column_round_is_refused),
		TEST(a_metric_that_an_old_file_lacks_is_empty),
		TEST(a_header_without_the_checksum_at_its_end_is_refused),
		TEST(a_row_with_one_field_more_is_refused),
		TEST(a_row_with_one_field_less_is_refused),
		TEST(a_value_of_the_wrong_type_is_refused_by_name),
		TEST(a_nul_byte_is_refused),
		TEST(a_misplaced_quote_is_refused),
		TEST(a_line_end_within_quotes_is_refused),
		TEST(a_file_with_dos_line_ends_is_named_as_such),
		TEST(a_byte_order_mark_is_named_as_such),
		TEST(numbers_with_a_comma_or_out_of_range_are_refused),
		TEST(a_blank_line_between_rows_is_refused),
		TEST(a_file_that_is_not_a_results_file_is_refused),
		TEST(threads_csv_is_not_accepted_as_results_csv),
		TEST(a_missing_results_file_is_an_error),
		TEST(a_file_with_another_header_is_not_appended_to),
		TEST(a_file_with_a_torn_end_is_not_appended_to),
		TEST(a_truncated_header_is_completed),
		TEST(a_pipe_is_refused_as_a_results_file),
	};

	return cmocka_run_group_tests_name("foreign results", tests, make_dir,
					   remove_dir);
}
