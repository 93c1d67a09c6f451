/* SPDX-License-Identifier: BSD-2-Clause */
/* A damaged or truncated file never gives a wrong number. */
#include "results_sample.h"

/* Checks that reading fails, or that the damaged rows are missing. */
static void assert_damage_noticed(const char *what, size_t at, char byte)
{
	struct rows rows;

	if (read_rows(&rows) != 0) {
		assert_int_equal(fault.exit_code, EXIT_DATA);
		assert_non_null(strstr(fault.text, path));
		assert_int_equal(rows.count, 0);
		return;
	}
	if (rows.count >= ROWS || rows.end.torn_bytes == 0)
		fail_msg("%s at %zu with %d goes unnoticed", what, at, byte);
	for (size_t i = 0; i < rows.count; i++)
		assert_sample(&rows.rows[i], (int)i + 1);
	rows_free(&rows);
}

static void every_changed_byte_of_every_row_is_noticed(void **state)
{
	char text[FILE_MAX];
	size_t length = write_sample(text);
	size_t header = strcspn(text, "\n") + 1;
	static const char to[] = "7aA \"\n,+-x";

	(void)state;
	for (size_t i = header; i < length; i++) {
		char byte = text[i];

		for (size_t j = 0; j <= COUNT_OF(to); j++) {
			/* In the last step, changes the case of a letter. */
			text[i] = j < COUNT_OF(to) ? to[j] : byte ^ 0x20;
			if (text[i] == byte)
				continue;
			put(text, length);
			assert_damage_noticed("a byte changed", i, text[i]);
		}
		text[i] = byte;
	}
}

static void every_missing_byte_is_noticed(void **state)
{
	char text[FILE_MAX], less[FILE_MAX];
	size_t length = write_sample(text);

	(void)state;
	for (size_t i = strcspn(text, "\n") + 1; i < length; i++) {
		memcpy(less, text, i);
		memcpy(less + i, text + i + 1, length - i - 1);
		put(less, length - 1);
		assert_damage_noticed("a byte missing", i, text[i]);
	}
}

static void every_prefix_has_fewer_rows_or_a_fault(void **state)
{
	char text[FILE_MAX];
	size_t length = write_sample(text);
	size_t header = strcspn(text, "\n") + 1;

	(void)state;
	for (size_t i = 0; i < length; i++) {
		struct rows rows;
		size_t whole = 0, good = header;

		put(text, i);
		if (i < header) {
			assert_int_equal(read_rows(&rows), -1);
			assert_int_equal(fault.exit_code, EXIT_DATA);
			continue;
		}
		for (size_t j = header; j < i; j++)
			if (text[j] == '\n') {
				whole++;
				good = j + 1;
			}
		assert_int_equal(read_rows(&rows), 0);
		assert_int_equal(rows.count, whole);
		assert_int_equal(rows.end.good_bytes, good);
		assert_int_equal(rows.end.torn_bytes, i - good);
		for (size_t j = 0; j < whole; j++)
			assert_sample(&rows.rows[j], (int)j + 1);
		rows_free(&rows);
	}
}

static void a_damaged_row_is_named_by_file_and_line(void **state)
{
	char text[FILE_MAX], where[96];
	size_t length = write_sample(text);
	struct rows rows;

	(void)state;
	*strstr(text, "12345672") = '9';
	put(text, length);
	assert_int_equal(read_rows(&rows), -1);
	snprintf(where, sizeof(where), "%s:3: ", path);
	assert_non_null(strstr(fault.text, where));
	assert_non_null(strstr(fault.text, "checksum"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_changed_byte_of_every_row_is_noticed),
		cmocka_unit_test(every_missing_byte_is_noticed),
		cmocka_unit_test(every_prefix_has_fewer_rows_or_a_fault),
		cmocka_unit_test(a_damaged_row_is_named_by_file_and_line),
	};

	return cmocka_run_group_tests_name("damaged results", tests, make_dir,
					   remove_dir);
}
