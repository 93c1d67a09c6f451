/* SPDX-License-Identifier: BSD-2-Clause */
/* One row in memory: values that a column accepts, returns, and refuses. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* One column of each type. */
enum {
	TEXT = COLUMN_backend,
	INTEGER = COLUMN_messages,
	REAL = COLUMN_idle_share,
};

static struct record fresh(void)
{
	struct record record;

	record_init(&record, &results_schema);
	return record;
}

static const char *formatted(const struct record *record, int column)
{
	static char text[RECORD_FIELD_MAX];

	record_format(record, column, text);
	return text;
}

static void a_new_record_is_empty(void **state)
{
	struct record record = fresh();

	(void)state;
	for (int i = 0; i < (int)results_schema.count; i++) {
		assert_false(record_has(&record, i));
		assert_string_equal(formatted(&record, i), "");
	}
	assert_int_equal(record_integer(&record, INTEGER), 0);
	assert_true(isnan(record_number(&record, INTEGER)));
	assert_true(isnan(record_number(&record, REAL)));
	assert_string_equal(record_text(&record, TEXT), "");
}

/* A wrong direction would exchange faster and slower. */
static void every_metric_declares_its_direction(void **state)
{
	static const struct {
		int column;
		enum column_better better;
		enum column_scale scale;
	} known[] = {
		{ COLUMN_throughput_msg_per_s, BETTER_HIGHER, SCALE_VALUE },
		{ COLUMN_messages, BETTER_HIGHER, SCALE_VALUE },
		{ COLUMN_cpu_ns, BETTER_LOWER, SCALE_SUM },
		{ COLUMN_invol_switches, BETTER_LOWER, SCALE_SUM },
		{ COLUMN_busy_ns, BETTER_NEITHER, SCALE_SUM },
		{ COLUMN_idle_share, BETTER_NEITHER, SCALE_VALUE },
		{ COLUMN_stop_ns, BETTER_LOWER, SCALE_VALUE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct column *column =
			&results_schema.columns[known[i].column];

		assert_int_equal(column->better, known[i].better);
		assert_int_equal(column->scale, known[i].scale);
	}
	for (int i = 0; i < (int)results_schema.count; i++)
		if (results_schema.columns[i].role != ROLE_METRIC) {
			assert_int_equal(results_schema.columns[i].better,
					 BETTER_NEITHER);
			assert_int_equal(results_schema.columns[i].scale,
					 SCALE_VALUE);
		}
}

static void a_value_can_be_set_read_and_cleared(void **state)
{
	struct record record = fresh();

	(void)state;
	record_set_integer(&record, INTEGER, -7);
	record_set_real(&record, REAL, 0.5);
	record_set_text(&record, TEXT, "mutex");
	assert_int_equal(record_integer(&record, INTEGER), -7);
	assert_true(record_number(&record, INTEGER) == -7);
	assert_true(record_number(&record, REAL) == 0.5);
	assert_string_equal(record_text(&record, TEXT), "mutex");
	record_clear(&record, INTEGER);
	assert_false(record_has(&record, INTEGER));
	assert_int_equal(record_integer(&record, INTEGER), 0);
	assert_true(record_has(&record, REAL));
	record_set_text(&record, TEXT, "");
	assert_false(record_has(&record, TEXT));
}

static void zero_is_not_an_empty_value(void **state)
{
	struct record record = fresh();

	(void)state;
	record_set_integer(&record, INTEGER, 0);
	record_set_real(&record, REAL, 0);
	assert_true(record_has(&record, INTEGER));
	assert_string_equal(formatted(&record, INTEGER), "0");
	assert_string_equal(formatted(&record, REAL), "0");
}

static void a_record_keeps_a_copy_of_its_text(void **state)
{
	struct record a = fresh(), b = fresh();
	char text[] = "mutex";

	(void)state;
	record_set_text(&a, TEXT, text);
	memset(text, 'x', sizeof(text) - 1);
	assert_string_equal(record_text(&a, TEXT), "mutex");
	record_set_text(&b, TEXT, "mutex");
	assert_ptr_equal(record_text(&a, TEXT), record_text(&b, TEXT));
}

static void assert_round_trip(int column, const char *text)
{
	struct record record = fresh();

	assert_int_equal(record_parse(&record, column, text), 0);
	assert_true(record_has(&record, column));
	assert_string_equal(formatted(&record, column), text);
}

static void written_values_read_back_equal(void **state)
{
	(void)state;
	assert_round_trip(TEXT, "ck_spsc");
	assert_round_trip(TEXT, "a, \"b\" and 'c'");
	assert_round_trip(TEXT, " leading and trailing ");
	assert_round_trip(TEXT, "0");
	assert_round_trip(INTEGER, "0");
	assert_round_trip(INTEGER, "-1");
	assert_round_trip(INTEGER, "9223372036854775807");
	assert_round_trip(INTEGER, "-9223372036854775808");
	assert_round_trip(REAL, "0.123456789");
	assert_round_trip(REAL, "96123456.7");
	assert_round_trip(REAL, "1.5e+300");
	assert_round_trip(REAL, "-0.25");
}

static void an_empty_field_clears_the_column(void **state)
{
	static const int columns[] = { TEXT, INTEGER, REAL };
	struct record record = fresh();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		assert_int_equal(record_parse(&record, columns[i], "1"), 0);
		assert_true(record_has(&record, columns[i]));
		assert_int_equal(record_parse(&record, columns[i], ""), 0);
		assert_false(record_has(&record, columns[i]));
	}
}

static void assert_refused(int column, const char *text)
{
	struct record record = fresh();

	if (record_parse(&record, column, text) != -EINVAL)
		fail_msg("%s takes \"%.40s\"",
			 results_schema.columns[column].name, text);
	assert_false(record_has(&record, column));
}

static void a_malformed_number_is_refused(void **state)
{
	static const char *const bad[] = {
		"nan",	 "NAN",	  "-nan", "inf",    "-inf",	    "infinity",
		"0x10",	 "0X1p4", "-0x1", " 1",	    "1 ",	    "\t1",
		"+1",	 "-",	  "--1",  "1,5",    "one",	    "1\n",
		"\n1",	 "1.2.3", "e5",	  ".5",	    "1e",	    "1;2",
		"1_000", "1'000", "NaN",  "nan(1)", "\xef\xbc\x91",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_refused(INTEGER, bad[i]);
		assert_refused(REAL, bad[i]);
	}
}

static void a_number_that_overflows_is_refused(void **state)
{
	(void)state;
	assert_refused(INTEGER, "9223372036854775808");
	assert_refused(INTEGER, "-9223372036854775809");
	assert_refused(REAL, "1e999");
	assert_refused(REAL, "-1e999");
	assert_refused(REAL, "1e-400");
}

static void an_integer_has_no_decimals(void **state)
{
	(void)state;
	assert_refused(INTEGER, "1.0");
	assert_refused(INTEGER, "1e3");
	assert_refused(INTEGER, "0.5");
}

static void a_refused_value_does_not_change_the_record(void **state)
{
	struct record record = fresh();

	(void)state;
	record_set_integer(&record, INTEGER, 5);
	assert_int_equal(record_parse(&record, INTEGER, "nan"), -EINVAL);
	assert_int_equal(record_integer(&record, INTEGER), 5);
}

static void a_text_of_two_lines_is_refused(void **state)
{
	(void)state;
	assert_refused(TEXT, "mutex\nspinlock");
	assert_refused(TEXT, "mutex\r");
	assert_refused(TEXT, "\n");
}

static void a_text_that_is_too_long_is_refused(void **state)
{
	char text[RECORD_FIELD_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[RECORD_FIELD_MAX - 1] = '\0';
	assert_round_trip(TEXT, text);
	text[RECORD_FIELD_MAX - 1] = 'x';
	text[RECORD_FIELD_MAX] = '\0';
	assert_refused(TEXT, text);
}

static void a_flag_is_added_once(void **state)
{
	struct record record = fresh();

	(void)state;
	record_add_name(&record, COLUMN_flags, "stolen");
	record_add_name(&record, COLUMN_flags, "few_laps");
	record_add_name(&record, COLUMN_flags, "stolen");
	assert_string_equal(record_text(&record, COLUMN_flags),
			    "stolen+few_laps");
}

static void a_part_of_a_flag_is_not_found(void **state)
{
	struct record record = fresh();

	(void)state;
	assert_false(record_has_name(&record, COLUMN_flags, "stolen"));
	record_set_text(&record, COLUMN_flags, "a+stolen+bcd");
	assert_true(record_has_name(&record, COLUMN_flags, "a"));
	assert_true(record_has_name(&record, COLUMN_flags, "stolen"));
	assert_true(record_has_name(&record, COLUMN_flags, "bcd"));
	assert_false(record_has_name(&record, COLUMN_flags, "stole"));
	assert_false(record_has_name(&record, COLUMN_flags, "tolen"));
	assert_false(record_has_name(&record, COLUMN_flags, "stolen+bcd"));
	assert_false(record_has_name(&record, COLUMN_flags, ""));
}

static void a_part_of_a_flag_can_still_be_added(void **state)
{
	struct record record = fresh();

	(void)state;
	record_add_name(&record, COLUMN_flags, "stolen");
	record_add_name(&record, COLUMN_flags, "stole");
	assert_string_equal(record_text(&record, COLUMN_flags), "stolen+stole");
}

static void a_thread_gets_identity_and_factors_of_its_result(void **state)
{
	struct record result = fresh(), thread;

	(void)state;
	record_init(&thread, &threads_schema);
	record_set_text(&result, COLUMN_session_id, "s1");
	record_set_integer(&result, COLUMN_round, 3);
	record_set_text(&result, COLUMN_backend, "mutex");
	record_set_integer(&result, COLUMN_queues, 2);
	record_set_integer(&result, COLUMN_capacity, 1023);
	record_set_integer(&result, COLUMN_messages, 1000);
	record_set_text(&result, COLUMN_flags, "stolen");
	record_set_integer(&thread, THREAD_messages, 500);
	record_copy_cell(&thread, &result);
	assert_string_equal(record_text(&thread, THREAD_session_id), "s1");
	assert_int_equal(record_integer(&thread, THREAD_round), 3);
	assert_string_equal(record_text(&thread, THREAD_backend), "mutex");
	assert_int_equal(record_integer(&thread, THREAD_queues), 2);
	/* The measured values and flags of the thread do not change. */
	assert_int_equal(record_integer(&thread, THREAD_messages), 500);
	assert_false(record_has(&thread, THREAD_flags));
	assert_false(record_has(&thread, THREAD_producers));
}

/* Readers, plots and documentation depend on this. */
static void no_column_is_a_duplicate_or_called_checksum(void **state)
{
	static const struct schema *const schemas[] = { &results_schema,
							&threads_schema };

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		const struct schema *schema = schemas[s];

		/* The writer adds it; see results.h. */
		assert_int_equal(schema_find(schema, "checksum"), -1);
		for (size_t i = 0; i < schema->count; i++) {
			const struct column *column = &schema->columns[i];

			/* The first column with this name is this column, so no
			 * name appears twice. Derived columns are in no
			 * file. */
			assert_int_equal(schema_find(schema, column->name),
					 column->is_derived ? -1 : (int)i);
			assert_true(*column->meaning);
			assert_null(strpbrk(column->name, "\", \n"));
		}
	}
	assert_int_equal(schema_find(&results_schema, "no_such_column"), -1);
	assert_int_equal(schema_find(&results_schema, ""), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_record_is_empty),
		cmocka_unit_test(every_metric_declares_its_direction),
		cmocka_unit_test(a_value_can_be_set_read_and_cleared),
		cmocka_unit_test(zero_is_not_an_empty_value),
		cmocka_unit_test(a_record_keeps_a_copy_of_its_text),
		cmocka_unit_test(written_values_read_back_equal),
		cmocka_unit_test(an_empty_field_clears_the_column),
		cmocka_unit_test(a_malformed_number_is_refused),
		cmocka_unit_test(a_number_that_overflows_is_refused),
		cmocka_unit_test(an_integer_has_no_decimals),
		cmocka_unit_test(a_refused_value_does_not_change_the_record),
		cmocka_unit_test(a_text_of_two_lines_is_refused),
		cmocka_unit_test(a_text_that_is_too_long_is_refused),
		cmocka_unit_test(a_flag_is_added_once),
		cmocka_unit_test(a_part_of_a_flag_is_not_found),
		cmocka_unit_test(a_part_of_a_flag_can_still_be_added),
		cmocka_unit_test(
			a_thread_gets_identity_and_factors_of_its_result),
		cmocka_unit_test(no_column_is_a_duplicate_or_called_checksum),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
