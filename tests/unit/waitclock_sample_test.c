/* SPDX-License-Identifier: BSD-2-Clause */
/* Which waits are timed, and whether the estimated total is right. */
#include "made_up_time.h"

static void many_short_waits_add_up_to_their_total(void **state)
{
	struct waitclock clock = settled(0);
	uint64_t random = 1;
	int64_t expected = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int64_t ns;

		random = random * UINT64_C(6364136223846793005) + 1;
		ns = 300 + (int64_t)((random >> 33) % 700);
		wait_short(&clock, ns);
		expected += ns;
	}
	assert_near(clock.total_ns, expected, 5);
	assert_int_equal(clock.scaled_ns, clock.total_ns);
	assert_int_equal(clock.waits, 20000);
}

/* Waits whose lengths repeat with the period of the sample. */
static void periodic_waits_do_not_distort_the_sample(void **state)
{
	static const int periods[] = { 2, 3, 8, 32, 63, 64, 65, 128 };

	(void)state;
	for (size_t p = 0; p < sizeof(periods) / sizeof(periods[0]); p++) {
		struct waitclock clock = settled(0);
		int64_t expected = 0;

		for (int i = 0; i < 100000; i++) {
			int64_t ns = i % periods[p] ? 100 : 1900;

			wait_short(&clock, ns);
			expected += ns;
		}
		assert_near(clock.total_ns, expected, 15);
	}
}

static void one_wait_in_64_reads_the_clock(void **state)
{
	struct waitclock clock = settled(1);

	(void)state;
	reads = 0;
	for (int i = 0; i < 640000; i++)
		wait_short(&clock, 100);
	assert_true(reads / 2 >= 9999 && reads / 2 <= 10001);
}

static void threads_in_step_time_different_waits(void **state)
{
	struct waitclock a = settled(0), b = settled(1);
	bool a_before = false, b_before = false;
	int both = 0, neighbours = 0, timed = 0;

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		bool a_now, b_now;

		waitclock_start(&a);
		waitclock_start(&b);
		a_now = a.start_ns != 0;
		b_now = b.start_ns != 0;
		waitclock_stop(&a, 1);
		waitclock_stop(&b, 1);
		both += a_now && b_now;
		neighbours += (a_now && b_before) || (b_now && a_before);
		timed += a_now + b_now;
		a_before = a_now;
		b_before = b_now;
	}
	assert_int_equal(both, 0);
	assert_int_equal(neighbours, 0);
	assert_true(timed > 2 * 15000);
}

static void a_third_thread_also_has_its_own_starting_point(void **state)
{
	struct waitclock clock[3] = { settled(0), settled(1), settled(2) };

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		int timed = 0;

		for (int t = 0; t < 3; t++) {
			waitclock_start(&clock[t]);
			timed += clock[t].start_ns != 0;
			waitclock_stop(&clock[t], 1);
		}
		assert_true(timed <= 1);
	}
}

static void long_waits_add_up_to_their_total(void **state)
{
	struct waitclock clock = settled(0);
	int64_t expected = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		wait_long(&clock, 1000, 5000 + i);
		expected += 1000 + 5000 + i;
	}
	assert_near(clock.total_ns, expected, 2);
}

/* A contended lock: every attempt takes long, so the first 64 attempts take
 * long, too. */
static void waits_with_slow_attempts_are_all_timed(void **state)
{
	struct waitclock clock;

	(void)state;
	memset(&clock, 0, sizeof(clock));
	waitclock_init(&clock, 0);
	for (int i = 0; i < 10000; i++)
		wait_short(&clock, 5000 + i);
	assert_int_equal(clock.total_ns,
			 INT64_C(10000) * 5000 + INT64_C(10000) * 9999 / 2);
	assert_int_equal(clock.scaled_ns, 0);
}

/* Reading the clock takes 28 ns, which must stay a small share of waits of 300
 * ns. */
static void reading_the_clock_takes_a_small_share(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	reads = 0;
	read_ns = 28;
	for (int i = 0; i < 64000; i++)
		wait_short(&clock, 300);
	assert_near(clock.total_ns, 64000 * 300, 12);
	assert_true(reads * 28 < 64000 * 300 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_short_waits_add_up_to_their_total),
		TEST(periodic_waits_do_not_distort_the_sample),
		TEST(one_wait_in_64_reads_the_clock),
		TEST(threads_in_step_time_different_waits),
		TEST(a_third_thread_also_has_its_own_starting_point),
		TEST(long_waits_add_up_to_their_total),
		TEST(waits_with_slow_attempts_are_all_timed),
		TEST(reading_the_clock_takes_a_small_share),
	};

	return cmocka_run_group_tests_name("waitclock sample", tests, NULL,
					   NULL);
}
