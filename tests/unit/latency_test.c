/* SPDX-License-Identifier: BSD-2-Clause */
/* Latencies as columns: a percentile is set only with enough samples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latency.h"
#include "scenario.h"

static struct histogram histogram;
static struct record row;

/* Records `count` times: 1 ns, 2 ns, and so on. */
static void record_times(int count)
{
	memset(&histogram, 0, sizeof(histogram));
	record_init(&row, &results_schema);
	for (int i = 1; i <= count; i++)
		histogram_record(&histogram, i);
	latency_set(&row, "wake", &histogram);
}

static bool has(const char *name)
{
	return record_has(&row, column_of(name));
}

static void without_samples_no_column_is_set(void **state)
{
	(void)state;
	record_times(0);
	for (size_t i = 0; i < results_schema.count; i++)
		assert_false(record_has(&row, (int)i));
}

static void a_percentile_needs_ten_samples_that_are_longer(void **state)
{
	(void)state;
	record_times(19);
	assert_false(has("wake_p50_ns"));
	assert_true(has("wake_max_ns"));
	record_times(20);
	assert_true(has("wake_p50_ns"));
	assert_int_equal(record_integer(&row, column_of("wake_p50_ns")), 10);
	record_times(999);
	assert_false(has("wake_p99_ns"));
	record_times(1000);
	assert_int_equal(record_integer(&row, column_of("wake_p99_ns")), 990);
	assert_int_equal(record_integer(&row, column_of("wake_max_ns")), 1000);
}

/* handshake declares neither the 90th nor the 99.9th percentile. */
static void only_declared_columns_are_set(void **state)
{
	(void)state;
	record_times(20000);
	assert_true(has("wake_histogram"));
	assert_int_equal(schema_find(&results_schema, "wake_p90_ns"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_samples_no_column_is_set),
		cmocka_unit_test(
			a_percentile_needs_ten_samples_that_are_longer),
		cmocka_unit_test(only_declared_columns_are_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
