/* SPDX-License-Identifier: BSD-2-Clause */
/* The conditions for a disturbed observation, at each limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "disturbed.h"

static struct record row;

static bool with_denied(int64_t ns)
{
	record_init(&row, &results_schema);
	record_set_integer(&row, COLUMN_elapsed_ns, 1000);
	record_set_integer(&row, COLUMN_denied_ns, ns);
	return is_disturbed(&row);
}

static bool with_distances(double before_ns, double after_ns)
{
	record_init(&row, &results_schema);
	record_set_real(&row, COLUMN_line_before_ns, before_ns);
	record_set_real(&row, COLUMN_line_after_ns, after_ns);
	return is_disturbed(&row);
}

static void denied_time_above_2_percent_disturbs(void **state)
{
	(void)state;
	assert_false(with_denied(0));
	assert_false(with_denied(20));
	assert_true(with_denied(21));
}

static void a_distance_that_changed_disturbs(void **state)
{
	(void)state;
	assert_false(with_distances(100, 134));
	assert_false(with_distances(134, 100));
	assert_true(with_distances(100, 136));
	assert_true(with_distances(136, 100));
}

static void a_window_that_is_too_long_disturbs(void **state)
{
	(void)state;
	record_init(&row, &results_schema);
	record_set_text(&row, COLUMN_flags, "page_faults");
	assert_false(is_disturbed(&row));
	record_set_text(&row, COLUMN_flags, "page_faults+overrun");
	assert_true(is_disturbed(&row));
}

static void unknown_values_do_not_disturb(void **state)
{
	(void)state;
	record_init(&row, &results_schema);
	assert_false(is_disturbed(&row));
	record_set_real(&row, COLUMN_line_before_ns, 100);
	assert_false(is_disturbed(&row));
	record_set_integer(&row, COLUMN_denied_ns, 5);
	assert_false(is_disturbed(&row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(denied_time_above_2_percent_disturbs),
		cmocka_unit_test(a_distance_that_changed_disturbs),
		cmocka_unit_test(a_window_that_is_too_long_disturbs),
		cmocka_unit_test(unknown_values_do_not_disturb),
	};

	return cmocka_run_group_tests_name("disturbed", tests, NULL, NULL);
}
