/* SPDX-License-Identifier: BSD-2-Clause */
/* The time that waitclock measures for single waits of known length. */
#include "made_up_time.h"

static void the_first_waits_are_timed_exactly(void **state)
{
	struct waitclock clock;
	int64_t expected = 0;

	(void)state;
	reads = 0; /* the set-up of the test has read the clock, too */
	memset(&clock, 0, sizeof(clock));
	waitclock_init(&clock, 0);
	for (int i = 1; i <= WAITCLOCK_PERIOD; i++) {
		wait_short(&clock, i);
		expected += i;
	}
	assert_int_equal(clock.total_ns, expected);
	assert_int_equal(clock.scaled_ns, 0);
	assert_int_equal(reads, 2 * WAITCLOCK_PERIOD);
}

static void a_timed_head_counts_64_times(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	choose_next(&clock, true);
	wait_short(&clock, 1500);
	assert_int_equal(clock.total_ns, 64 * 1500);
	assert_int_equal(clock.scaled_ns, 64 * 1500);
}

static void an_untimed_head_reads_no_clock_and_counts_0(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	reads = 0;
	choose_next(&clock, false);
	wait_short(&clock, 1500);
	assert_int_equal(clock.total_ns, 0);
	assert_int_equal(reads, 0);
	assert_int_equal(clock.waits, 1);
}

/* The scheduler took the CPU once, so this time must not count 64 times. */
static void an_interrupted_head_is_limited(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	choose_next(&clock, true);
	wait_short(&clock, 4 * RINGBENCH_NS_PER_MS);
	assert_int_equal(clock.total_ns,
			 4 * RINGBENCH_NS_PER_MS + 63 * WAITCLOCK_CAP_NS);
	assert_int_equal(clock.scaled_ns, 64 * WAITCLOCK_CAP_NS);
	/* A wait that equals the limit is not shortened. */
	clock = settled(0);
	choose_next(&clock, true);
	wait_short(&clock, WAITCLOCK_CAP_NS);
	assert_int_equal(clock.total_ns, 64 * WAITCLOCK_CAP_NS);
}

static void a_tail_is_always_timed_exactly(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	choose_next(&clock, false);
	wait_long(&clock, 900, 777777);
	assert_int_equal(clock.total_ns, 777777);
	assert_int_equal(clock.scaled_ns, 0);
	clock = settled(0);
	choose_next(&clock, true);
	wait_long(&clock, 900, 777777);
	assert_int_equal(clock.total_ns, 64 * 900 + 777777);
	assert_int_equal(clock.scaled_ns, 64 * 900);
}

static void a_long_head_makes_the_next_64_exact(void **state)
{
	struct waitclock clock = settled(0);
	int64_t before;

	(void)state;
	choose_next(&clock, true);
	wait_short(&clock, WAITCLOCK_LONG_NS + 1);
	before = clock.total_ns;
	for (int i = 0; i < WAITCLOCK_PERIOD; i++)
		wait_short(&clock, 10);
	assert_int_equal(clock.total_ns - before, 10 * WAITCLOCK_PERIOD);
	assert_int_equal(clock.exact, 0);
	choose_next(&clock, false);
	wait_short(&clock, 10);
	assert_int_equal(clock.total_ns - before, 10 * WAITCLOCK_PERIOD);
}

static void a_short_head_has_no_effect_on_later_waits(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	choose_next(&clock, true);
	wait_short(&clock, WAITCLOCK_LONG_NS);
	assert_int_equal(clock.exact, 0);
}

static void a_wait_in_the_kernel_is_timed_exactly(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		choose_next(&clock, i % 2 == 0);
		waitclock_start_exact(&clock);
		time_ns += 100 + i;
		waitclock_stop(&clock, 1);
	}
	assert_int_equal(clock.total_ns, 1000 * 100 + 999 * 1000 / 2);
	assert_int_equal(clock.scaled_ns, 0);
	assert_int_equal(clock.waits, 1000);
}

static void only_waits_in_the_kernel_count_as_time_in_the_kernel(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	waitclock_start_exact(&clock);
	time_ns += 5000;
	waitclock_stop(&clock, 1);
	assert_int_equal(clock.kernel_ns, 5000);
	/* A busy wait, then the tail of a busy wait. */
	waitclock_start(&clock);
	time_ns += 300;
	waitclock_stop(&clock, 1);
	waitclock_start(&clock);
	waitclock_tail(&clock);
	time_ns += 7000;
	waitclock_stop(&clock, 100);
	assert_int_equal(clock.kernel_ns, 5000);
	assert_int_equal(clock.total_ns, 12300);
}

static void exact_waits_do_not_advance_the_sequence(void **state)
{
	struct waitclock clock = settled(0);
	uint64_t weyl = clock.weyl;

	(void)state;
	waitclock_start_exact(&clock);
	waitclock_stop(&clock, 1);
	assert_int_equal(clock.weyl, weyl);
}

static void tries_and_waits_are_counted(void **state)
{
	struct waitclock clock = settled(0);

	(void)state;
	waitclock_start(&clock);
	waitclock_stop(&clock, 5);
	waitclock_start_exact(&clock);
	waitclock_stop(&clock, 7);
	waitclock_start(&clock);
	waitclock_tail(&clock);
	waitclock_stop(&clock, 100);
	assert_int_equal(clock.waits, 3);
	assert_int_equal(clock.tries, 112);
}

static int64_t busy_until(int64_t end_ns)
{
	int64_t now;

	do
		now = ringbench_now_ns();
	while (now < end_ns);
	return now;
}

/* With the kernel's clock, a measured wait is between two time stamps inside
 * and two outside. */
static void real_waits_agree_with_time_stamps(void **state)
{
	struct waitclock clock = settled(0);
	int64_t inside = 0, outside = 0;

	(void)state;
	real = true;
	for (int i = 0; i < 200; i++) {
		int64_t before = ringbench_now_ns(), begin;

		if (i % 2)
			clock.exact = 1;
		if (i % 2)
			waitclock_start(&clock);
		else
			waitclock_start_exact(&clock);
		begin = ringbench_now_ns();
		inside += busy_until(begin + 1000 + i) - begin;
		waitclock_stop(&clock, 1);
		outside += ringbench_now_ns() - before;
	}
	assert_true(clock.total_ns >= inside);
	assert_true(clock.total_ns <= outside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_waits_are_timed_exactly),
		TEST(a_timed_head_counts_64_times),
		TEST(an_untimed_head_reads_no_clock_and_counts_0),
		TEST(an_interrupted_head_is_limited),
		TEST(a_tail_is_always_timed_exactly),
		TEST(a_long_head_makes_the_next_64_exact),
		TEST(a_short_head_has_no_effect_on_later_waits),
		TEST(a_wait_in_the_kernel_is_timed_exactly),
		TEST(only_waits_in_the_kernel_count_as_time_in_the_kernel),
		TEST(exact_waits_do_not_advance_the_sequence),
		TEST(tries_and_waits_are_counted),
		TEST(real_waits_agree_with_time_stamps),
	};

	return cmocka_run_group_tests_name("waitclock", tests, NULL, NULL);
}
