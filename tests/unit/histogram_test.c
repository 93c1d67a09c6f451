/* SPDX-License-Identifier: BSD-2-Clause */
/* The histogram: every value is in the right bucket, and the error of quantiles
 * is limited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "histogram.h"

static struct histogram histogram;

static int reset(void **state)
{
	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	return 0;
}

static void an_empty_histogram_has_quantiles_of_0_and_no_text(void **state)
{
	char text[HISTOGRAM_TEXT_MAX] = "before";

	(void)state;
	assert_int_equal(histogram_quantile(&histogram, 0), 0);
	assert_int_equal(histogram_quantile(&histogram, 500), 0);
	assert_int_equal(histogram_quantile(&histogram, 1000), 0);
	histogram_format(&histogram, text, sizeof(text));
	assert_string_equal(text, "");
}

static void every_bucket_begins_where_the_previous_bucket_ends(void **state)
{
	(void)state;
	for (int bits = 0; bits <= HISTOGRAM_BITS; bits++) {
		size_t last = histogram_bucket(INT64_MAX, bits);

		assert_int_equal(histogram_low(0, bits), 0);
		for (size_t i = 1; i <= last; i++) {
			uint64_t low = histogram_low(i, bits);

			assert_true(low > histogram_low(i - 1, bits));
			assert_int_equal(histogram_bucket(low, bits), i);
			assert_int_equal(histogram_bucket(low - 1, bits),
					 i - 1);
		}
	}
}

static void no_bucket_is_wider_than_a_thousandth_of_its_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		uint64_t low = histogram_low(i, HISTOGRAM_BITS);
		uint64_t width = histogram_low(i + 1, HISTOGRAM_BITS) - low;

		assert_true(width == 1 || 1024 * width <= low);
	}
}

/* The error is limited in the last bucket, too, and together with a much larger
 * value. */
static void the_longest_time_is_in_the_last_bucket(void **state)
{
	(void)state;
	assert_int_equal(histogram_bucket(INT64_MAX, HISTOGRAM_BITS),
			 HISTOGRAM_BUCKETS - 1);
	histogram_record(&histogram, INT64_MAX);
	assert_int_equal(histogram_quantile(&histogram, 500), INT64_MAX);
}

static void a_long_time_stays_exact_with_a_longer_time(void **state)
{
	(void)state;
	for (int bit = 11; bit < 62; bit++) {
		int64_t ns = (INT64_C(2) << bit) - 1;

		reset(NULL);
		histogram_record(&histogram, ns);
		histogram_record(&histogram, INT64_MAX);
		assert_int_equal(histogram_quantile(&histogram, 500), ns);
		assert_int_equal(histogram_quantile(&histogram, 1000),
				 INT64_MAX);
	}
}

static void a_negative_time_counts_as_0(void **state)
{
	(void)state;
	histogram_record(&histogram, -7);
	assert_int_equal(histogram.buckets[0], 1);
	assert_int_equal(histogram.max_ns, 0);
}

/* Records the values 1 to 100,000, multiplied by `scale`, in mixed order. */
static void record_all(struct histogram *into, int64_t scale)
{
	for (int64_t i = 1; i <= 100000; i++)
		histogram_record(into, (i * 7919 % 100000 + 1) * scale);
}

static void assert_near(uint64_t found, uint64_t exact)
{
	assert_true(found >= exact);
	assert_true(found <= exact + exact / 1024);
}

static void quantiles_are_at_most_a_thousandth_too_high(void **state)
{
	(void)state;
	for (int64_t scale = 1; scale < 2000000; scale *= 10) {
		reset(NULL);
		record_all(&histogram, scale);
		assert_int_equal(histogram.count, 100000);
		for (unsigned p = 1; p <= 1000; p++)
			assert_near(histogram_quantile(&histogram, p),
				    100 * p * (uint64_t)scale);
		assert_int_equal(histogram_quantile(&histogram, 1000),
				 100000 * scale);
	}
}

static void small_values_are_exact(void **state)
{
	(void)state;
	for (int i = 0; i <= 2047; i++)
		histogram_record(&histogram, i);
	assert_int_equal(histogram_quantile(&histogram, 0), 0);
	assert_int_equal(histogram_quantile(&histogram, 500), 1023);
	assert_int_equal(histogram_quantile(&histogram, 750), 1535);
	assert_int_equal(histogram_quantile(&histogram, 1000), 2047);
}

static void with_one_value_every_quantile_is_this_value(void **state)
{
	(void)state;
	histogram_record(&histogram, 12345);
	for (unsigned p = 0; p <= 1000; p += 100)
		assert_int_equal(histogram_quantile(&histogram, p), 12345);
}

/* The 99 % quantile of 100 values is below the outlier; the 99.1 % quantile is
 * the outlier. */
static void a_rare_value_is_in_no_lower_quantile(void **state)
{
	(void)state;
	for (int i = 0; i < 99; i++)
		histogram_record(&histogram, 10);
	histogram_record(&histogram, 1000000);
	assert_int_equal(histogram_quantile(&histogram, 990), 10);
	assert_int_equal(histogram_quantile(&histogram, 991), 1000000);
}

static void a_merged_histogram_equals_recording_all_values(void **state)
{
	struct histogram other, both;

	(void)state;
	memset(&other, 0, sizeof(other));
	memset(&both, 0, sizeof(both));
	record_all(&histogram, 3);
	record_all(&other, 5000);
	record_all(&both, 3);
	record_all(&both, 5000);
	histogram_merge(&histogram, &other);
	assert_memory_equal(&histogram, &both, sizeof(both));
	/* Adding an empty histogram changes nothing. Adding to an empty
	 * histogram copies it. */
	memset(&other, 0, sizeof(other));
	histogram_merge(&histogram, &other);
	assert_memory_equal(&histogram, &both, sizeof(both));
	histogram_merge(&other, &both);
	assert_memory_equal(&other, &both, sizeof(both));
}

static void the_text_has_four_buckets_for_a_power_of_two(void **state)
{
	char text[HISTOGRAM_TEXT_MAX];

	(void)state;
	for (int i = 1024; i < 2048; i++)
		histogram_record(&histogram, i);
	histogram_record(&histogram, 0);
	histogram_record(&histogram, 3);
	histogram_record(&histogram, 5000000);
	histogram_format(&histogram, text, sizeof(text));
	assert_string_equal(
		text, "0:1+3:1+1024:256+1280:256+1536:256+1792:256+4194304:1");
}

static uint64_t sum_of_text(const char *text)
{
	uint64_t sum = 0, low = 0, count;
	int used;

	while (sscanf(text, "%" SCNu64 ":%" SCNu64 "%n", &low, &count, &used) ==
	       2) {
		sum += count;
		text += used + (text[used] == '+');
	}
	assert_string_equal(text, "");
	return sum;
}

static void the_fullest_histogram_fits_with_wider_buckets(void **state)
{
	char text[2048];

	(void)state;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		histogram.buckets[i] = 1000000 + i;
		histogram.count += 1000000 + i;
	}
	histogram_format(&histogram, text, sizeof(text));
	assert_int_equal(sum_of_text(text), histogram.count);
	/* The longest possible counts, in the smallest buffer. */
	memset(&histogram, 0, sizeof(histogram));
	for (int bit = 0; bit <= HISTOGRAM_VALUE_BITS; bit++)
		histogram.buckets[histogram_bucket(
			bit ? UINT64_C(1) << (bit - 1) : 0, HISTOGRAM_BITS)] =
			UINT64_MAX / (HISTOGRAM_VALUE_BITS + 1);
	assert_true(histogram_print(&histogram, 0, text, HISTOGRAM_TEXT_MAX));
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_histogram_has_quantiles_of_0_and_no_text),
		TEST(every_bucket_begins_where_the_previous_bucket_ends),
		TEST(no_bucket_is_wider_than_a_thousandth_of_its_values),
		TEST(the_longest_time_is_in_the_last_bucket),
		TEST(a_long_time_stays_exact_with_a_longer_time),
		TEST(a_negative_time_counts_as_0),
		TEST(quantiles_are_at_most_a_thousandth_too_high),
		TEST(small_values_are_exact),
		TEST(with_one_value_every_quantile_is_this_value),
		TEST(a_rare_value_is_in_no_lower_quantile),
		TEST(a_merged_histogram_equals_recording_all_values),
		TEST(the_text_has_four_buckets_for_a_power_of_two),
		TEST(the_fullest_histogram_fits_with_wider_buckets),
	};

	return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
