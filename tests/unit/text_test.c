/* SPDX-License-Identifier: BSD-2-Clause */
/* Durations, numbers and names, as users write and read them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "ringbench_clock.h"
#include "text.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Returns the nanoseconds of a text, or the error. */
static int64_t duration(const char *text)
{
	int64_t ns = -1;
	int error = text_parse_duration(text, &ns);

	return error ? error : ns;
}

static void each_unit_of_time_is_understood(void **state)
{
	(void)state;
	assert_int_equal(duration("5ns"), 5);
	assert_int_equal(duration("20us"), 20000);
	assert_int_equal(duration("200ms"), 200000000);
	assert_int_equal(duration("3s"), INT64_C(3000000000));
	assert_int_equal(duration("2min"), INT64_C(120000000000));
	assert_int_equal(duration("0s"), 0);
	assert_int_equal(duration("0ns"), 0);
}

static void decimals_of_a_time_give_whole_nanoseconds(void **state)
{
	(void)state;
	assert_int_equal(duration("0.3s"), 300000000);
	assert_int_equal(duration("1.5ms"), 1500000);
	assert_int_equal(duration("0.001us"), 1);
	assert_int_equal(duration("1.234567891s"), 1234567891);
	assert_int_equal(duration("0.000000001s"), 1);
	/* These fractions are not exact in binary. */
	for (int64_t i = 1; i < 1000; i++) {
		char text[TEXT_NUMBER_MAX];

		snprintf(text, sizeof(text), "0.%03dms", (int)i);
		assert_int_equal(duration(text), i * 1000);
	}
}

static void a_time_without_a_unit_is_refused(void **state)
{
	(void)state;
	assert_int_equal(duration("5"), -EINVAL);
	assert_int_equal(duration("0"), -EINVAL);
	assert_int_equal(duration("1.5"), -EINVAL);
}

static void a_malformed_time_is_refused(void **state)
{
	static const char *const bad[] = {
		"",	" ",	     "s",	   "ms",     "-5ms",  "+5ms",
		" 5ms", "5 ms",	     "5ms ",	   "5mss",   "5mins", "5m",
		"5MS",	"1,5ms",     ".5ms",	   "0x5s",   "0X5ms", "nan",
		"nans", "infs",	     "inf",	   "1.2.3s", "5ms\n", "fives",
		"1e s", "\xc2\xb5s", "5\xc2\xb5s",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (duration(bad[i]) != -EINVAL)
			fail_msg("\"%s\" is taken for a time", bad[i]);
}

static void a_time_beyond_a_day_is_out_of_range(void **state)
{
	(void)state;
	assert_int_equal(duration("86400s"),
			 INT64_C(86400) * RINGBENCH_NS_PER_S);
	assert_int_equal(duration("86400.1s"), -ERANGE);
	assert_int_equal(duration("86401s"), -ERANGE);
	assert_int_equal(duration("99999999999999999999ns"), -ERANGE);
	assert_int_equal(duration("1e400s"), -ERANGE);
}

static void a_part_of_a_nanosecond_is_out_of_range(void **state)
{
	(void)state;
	assert_int_equal(duration("0.9ns"), -ERANGE);
	assert_int_equal(duration("0.0001us"), -ERANGE);
	/* This value is too small for a double and becomes 0. */
	assert_int_equal(duration("1e-400s"), -ERANGE);
}

static void a_refused_time_does_not_change_the_value(void **state)
{
	static const char *const bad[] = { "5", "-5ms", "86401s", "0.5ns" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		int64_t ns = 42;

		assert_int_not_equal(text_parse_duration(bad[i], &ns), 0);
		assert_int_equal(ns, 42);
	}
}

static void assert_duration(int64_t ns, const char *expected)
{
	char text[TEXT_NUMBER_MAX];

	text_format_duration(ns, text);
	assert_string_equal(text, expected);
}

static void a_time_is_written_in_its_largest_unit(void **state)
{
	(void)state;
	assert_duration(0, "0ns");
	assert_duration(1, "1ns");
	assert_duration(999, "999ns");
	assert_duration(1000, "1us");
	assert_duration(1500000, "1.5ms");
	assert_duration(200 * RINGBENCH_NS_PER_MS, "200ms");
	assert_duration(999999999, "999.999999ms");
	assert_duration(RINGBENCH_NS_PER_S, "1s");
	assert_duration(90 * RINGBENCH_NS_PER_S, "90s");
}

static void every_time_reads_back_equal(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		/* Knuth's MMIX generator; up to 100 s, all magnitudes. */
		int64_t ns;
		char text[TEXT_NUMBER_MAX];

		random = random * UINT64_C(6364136223846793005) +
			 UINT64_C(1442695040888963407);
		ns = (int64_t)((random >> 20) %
			       (100 * (uint64_t)RINGBENCH_NS_PER_S));
		ns >>= random >> 59;
		text_format_duration(ns, text);
		assert_int_equal(duration(text), ns);
	}
}

static int64_t integer(const char *text, int64_t low, int64_t high)
{
	int64_t value = -12345;
	int error = text_parse_integer(text, low, high, &value);

	return error ? error : value;
}

static void integers_outside_their_range_are_refused(void **state)
{
	(void)state;
	assert_int_equal(integer("1", 1, 64), 1);
	assert_int_equal(integer("64", 1, 64), 64);
	assert_int_equal(integer("-3", -5, 5), -3);
	assert_int_equal(integer("007", 1, 64), 7);
	assert_int_equal(integer("0", 1, 64), -ERANGE);
	assert_int_equal(integer("65", 1, 64), -ERANGE);
	assert_int_equal(integer("-6", -5, 5), -ERANGE);
	assert_int_equal(integer("9223372036854775807", 0, INT64_MAX),
			 INT64_MAX);
}

static void an_integer_that_overflows_is_out_of_range(void **state)
{
	(void)state;
	/* strtoll() returns the largest number, which is in the range, so errno
	 * must be checked. */
	assert_int_equal(integer("9223372036854775808", 0, INT64_MAX), -ERANGE);
	assert_int_equal(integer("-99999999999999999999", INT64_MIN, 0),
			 -ERANGE);
}

static void a_malformed_integer_is_refused(void **state)
{
	static const char *const bad[] = { "",	  "-",	 "+5",	" 5",	"5 ",
					   "5.0", "1e3", "0x5", "five", "--5",
					   "5,",  "5\n", "nan" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (integer(bad[i], INT64_MIN, INT64_MAX) != -EINVAL)
			fail_msg("\"%s\" is taken for an integer", bad[i]);
}

static void assert_short(double value, const char *expected)
{
	char text[TEXT_NUMBER_MAX];

	text_format_short(value, text);
	assert_string_equal(text, expected);
}

static void short_numbers_have_three_digits_and_a_prefix(void **state)
{
	(void)state;
	assert_short(0, "0");
	assert_short(5, "5");
	assert_short(12, "12");
	assert_short(0.25, "0.25");
	assert_short(2.5, "2.50");
	assert_short(99.94, "99.9");
	assert_short(251.2, "251");
	assert_short(4567, "4.57k");
	assert_short(96123456, "96.1M");
	assert_short(123456789, "123M");
	assert_short(1.5e9, "1.50G");
	assert_short(2e12, "2.00T");
	assert_short(-4567, "-4.57k");
}

static void rounding_up_never_makes_a_fourth_digit(void **state)
{
	(void)state;
	assert_short(9.996, "10.0");
	assert_short(99.96, "100");
	assert_short(999.4, "999");
	assert_short(999.6, "1.00k");
	assert_short(999499, "999k");
	assert_short(999501, "1.00M");
	assert_short(-999.6, "-1.00k");
}

static void nan_is_printed_as_a_dash(void **state)
{
	(void)state;
	assert_short(NAN, "-");
	assert_short(INFINITY, "-");
	assert_short(-INFINITY, "-");
}

static void a_huge_number_still_fits_its_buffer(void **state)
{
	char text[TEXT_NUMBER_MAX + 1];

	(void)state;
	text[TEXT_NUMBER_MAX] = '#';
	text_format_short(1e300, text);
	assert_true(strlen(text) < TEXT_NUMBER_MAX);
	assert_int_equal(text[TEXT_NUMBER_MAX], '#');
}

static void assert_seconds(double seconds, const char *expected)
{
	char text[TEXT_NUMBER_MAX];

	text_format_seconds(seconds, text);
	assert_string_equal(text, expected);
}

static void seconds_become_minutes_and_hours(void **state)
{
	(void)state;
	assert_seconds(0, "0 s");
	assert_seconds(0.2, "1 s");
	assert_seconds(45, "45 s");
	assert_seconds(59.5, "1 min 0 s");
	assert_seconds(200, "3 min 20 s");
	assert_seconds(3599, "59 min 59 s");
	assert_seconds(3600, "1 h 0 min");
	assert_seconds(7380, "2 h 3 min");
}

static const char *nearest(const char *word)
{
	static const char *const names[] = { "mutex", "spinlock", "ck_spsc",
					     "ck_mpmc", "null" };
	const char *name = text_nearest(word, names, COUNT_OF(names));

	return name ? name : "(none)";
}

static void a_typing_error_finds_the_name(void **state)
{
	(void)state;
	assert_string_equal(nearest("mutex"), "mutex");
	assert_string_equal(nearest("mutx"), "mutex");
	assert_string_equal(nearest("muttex"), "mutex");
	assert_string_equal(nearest("nutex"), "mutex");
	assert_string_equal(nearest("cksspsc"), "ck_spsc");
	assert_string_equal(nearest("ck_mpsc"), "ck_spsc");
	assert_string_equal(nearest("spinlok"), "spinlock");
}

static void a_different_word_finds_no_name(void **state)
{
	(void)state;
	assert_string_equal(nearest("boost"), "(none)");
	assert_string_equal(nearest("moodycamel"), "(none)");
	assert_string_equal(nearest(""), "(none)");
	assert_null(text_nearest("mutex", NULL, 0));
}

static void words_of_any_length_can_be_compared(void **state)
{
	char lengthy[200];
	const char *const names[] = { lengthy, "mutex" };

	(void)state;
	memset(lengthy, 'x', sizeof(lengthy) - 1);
	lengthy[sizeof(lengthy) - 1] = '\0';
	assert_string_equal(text_nearest("mutx", names, 2), "mutex");
	assert_null(text_nearest(lengthy, names + 1, 1));
}

static void control_characters_become_question_marks(void **state)
{
	static const char *const texts[][2] = {
		{ "plain, caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		  "plain, caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "", "" },
		{ "a\nb\tc\rd", "a b c d" },
		{ "\x1b[2J\x1b]0;x\a", "?[2J?]0;x?" },
		{ "\x7f\x08", "??" },
		{ "\xc2\x9b"
		  "2J",
		  "?2J" }, /* C1 in UTF-8.. */
		{ "\x9b"
		  "2J",
		  "?2J" }, /* ..and in 8 bits */
		{ "\xc2\xa0", "\xc2\xa0" },
		{ "\xe2\x80\xaeko", "?ko" }, /* from right to left */
		{ "\xe2\x80\xa8", "?" },     /* a new line */
		{ "\xff\xfe", "??" },
		{ "\xc3", "?" }, /* cut off */
		{ "\xe2\x82", "??" },
		{ "\xc0\x8a", "??" }, /* a line feed in two bytes */
		{ "\xe0\x82\x9b", "???" },
		{ "\xed\xa0\x80", "???" }, /* half of a pair */
		{ "\xf4\x90\x80\x80", "????" },
		{ "\xf8\x88\x80\x80\x80", "?????" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char text[64];

		strcpy(text, texts[i][0]);
		assert_int_equal(text_is_clean(text),
				 strcmp(texts[i][0], texts[i][1]) == 0);
		text_clean(text);
		assert_string_equal(text, texts[i][1]);
		assert_true(text_is_clean(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_unit_of_time_is_understood),
		cmocka_unit_test(decimals_of_a_time_give_whole_nanoseconds),
		cmocka_unit_test(a_time_without_a_unit_is_refused),
		cmocka_unit_test(a_malformed_time_is_refused),
		cmocka_unit_test(a_time_beyond_a_day_is_out_of_range),
		cmocka_unit_test(a_part_of_a_nanosecond_is_out_of_range),
		cmocka_unit_test(a_refused_time_does_not_change_the_value),
		cmocka_unit_test(a_time_is_written_in_its_largest_unit),
		cmocka_unit_test(every_time_reads_back_equal),
		cmocka_unit_test(integers_outside_their_range_are_refused),
		cmocka_unit_test(an_integer_that_overflows_is_out_of_range),
		cmocka_unit_test(a_malformed_integer_is_refused),
		cmocka_unit_test(short_numbers_have_three_digits_and_a_prefix),
		cmocka_unit_test(rounding_up_never_makes_a_fourth_digit),
		cmocka_unit_test(nan_is_printed_as_a_dash),
		cmocka_unit_test(a_huge_number_still_fits_its_buffer),
		cmocka_unit_test(seconds_become_minutes_and_hours),
		cmocka_unit_test(a_typing_error_finds_the_name),
		cmocka_unit_test(a_different_word_finds_no_name),
		cmocka_unit_test(words_of_any_length_can_be_compared),
		cmocka_unit_test(control_characters_become_question_marks),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
