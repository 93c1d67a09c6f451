/* SPDX-License-Identifier: BSD-2-Clause */
/* The website of pipeline: the number of a page determines all its
 * properties. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page.h"

enum {
	PAGES = 20000, /* enough pages for a mean; all seeds are fixed */
	MEAN_NS = 1000000,
};

static char one[PAGE_BYTES_MAX], two[PAGE_BYTES_MAX];

static void a_page_never_changes(void **state)
{
	(void)state;
	for (uint64_t number = 0; number < 50; number++) {
		size_t bytes = page_bytes(number);

		assert_int_equal(page_bytes(number), bytes);
		assert_int_equal(page_service_ns(number, 0, MEAN_NS),
				 page_service_ns(number, 0, MEAN_NS));
		page_fill(number, one, bytes);
		page_fill(number, two, bytes);
		assert_memory_equal(one, two, bytes);
	}
}

static void neighbouring_pages_are_independent(void **state)
{
	int same_bytes = 0, same_time = 0, same_stage = 0;

	(void)state;
	for (uint64_t number = 1; number < 1000; number++) {
		int64_t time = page_service_ns(number, 0, MEAN_NS);

		same_bytes += page_bytes(number) == page_bytes(number + 1);
		same_time += time == page_service_ns(number + 1, 0, MEAN_NS);
		same_stage += time == page_service_ns(number, 1, MEAN_NS);
	}
	assert_true(same_bytes < 3);
	assert_int_equal(same_time, 0);
	assert_int_equal(same_stage, 0);
}

static void sizes_are_around_the_median_and_within_bounds(void **state)
{
	int above = 0, large = 0;

	(void)state;
	for (uint64_t number = 1; number <= PAGES; number++) {
		size_t bytes = page_bytes(number);

		assert_in_range(bytes, PAGE_BYTES_MIN, PAGE_BYTES_MAX);
		above += bytes > PAGE_BYTES_MEDIAN;
		large += bytes > PAGE_BYTES_MEDIAN * 2.718281828;
	}
	assert_in_range(above, PAGES * 48 / 100, PAGES * 52 / 100);
	/* One sigma of a normal distribution: 15.9 %. */
	assert_in_range(large, PAGES * 15 / 100, PAGES * 17 / 100);
}

static void service_times_are_exponential_and_bounded(void **state)
{
	int64_t sum = 0;
	int above = 0;

	(void)state;
	for (uint64_t number = 1; number <= PAGES; number++) {
		int64_t time = page_service_ns(number, 3, MEAN_NS);

		assert_in_range(time, 0, PAGE_SERVICE_MAX * MEAN_NS);
		sum += time;
		above += time > MEAN_NS;
	}
	assert_in_range(sum / PAGES, MEAN_NS * 97 / 100, MEAN_NS * 103 / 100);
	/* 1/e */
	assert_in_range(above, PAGES * 35 / 100, PAGES * 39 / 100);
}

static void a_page_contains_its_number(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 9, 10, 12345, UINT64_MAX };
	uint64_t found;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		size_t bytes = page_bytes(numbers[i]);

		page_fill(numbers[i], one, bytes);
		found = 77;
		assert_true(page_number(one, bytes, &found));
		assert_true(found == numbers[i]);
	}
}

static void the_smallest_page_has_room_for_its_first_line(void **state)
{
	uint64_t found = 0;

	(void)state;
	page_fill(UINT64_MAX, one, PAGE_BYTES_MIN);
	assert_true(page_number(one, PAGE_BYTES_MIN, &found));
	assert_true(found == UINT64_MAX);
}

static void every_changed_byte_is_found(void **state)
{
	size_t bytes = page_bytes(7);
	uint64_t found;

	(void)state;
	page_fill(7, one, bytes);
	for (size_t i = 0; i < bytes; i += i < 64 ? 1 : 97) {
		one[i] ^= 1;
		/* A page with a changed number must not be accepted under its
		 * old number. */
		if (page_number(one, bytes, &found))
			assert_int_not_equal(found, 7);
		one[i] ^= 1;
	}
	assert_true(page_number(one, bytes, &found));
}

static void truncated_or_longer_pages_are_refused(void **state)
{
	size_t bytes = page_bytes(7);
	uint64_t found;

	(void)state;
	page_fill(7, one, bytes);
	one[bytes] = 'x';
	assert_false(page_number(one, bytes - 1, &found));
	assert_false(page_number(one, bytes + 1, &found));
	for (size_t length = 0; length < 48; length++)
		assert_false(page_number(one, length, &found));
	memset(one, '7', sizeof(one));
	assert_false(page_number(one, bytes, &found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_never_changes),
		cmocka_unit_test(neighbouring_pages_are_independent),
		cmocka_unit_test(sizes_are_around_the_median_and_within_bounds),
		cmocka_unit_test(service_times_are_exponential_and_bounded),
		cmocka_unit_test(a_page_contains_its_number),
		cmocka_unit_test(the_smallest_page_has_room_for_its_first_line),
		cmocka_unit_test(every_changed_byte_is_found),
		cmocka_unit_test(truncated_or_longer_pages_are_refused),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
