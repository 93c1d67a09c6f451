/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting until other programs leave the CPUs alone. */
#include "made_up_host.h"
#include "quiet.h"
#include "ringbench_clock.h"

static const int64_t before[HOST_TICKS] = {
	[TICK_USER] = 100, [TICK_IDLE] = 900
};

static bool is_quiet(enum host_tick kind, int64_t used, int64_t idle)
{
	int64_t after[HOST_TICKS];

	memcpy(after, before, sizeof(after));
	after[kind] += used;
	after[TICK_IDLE] += idle;
	return quiet_between(before, after);
}

static void cpus_are_quiet_up_to_a_tenth_of_use(void **state)
{
	(void)state;
	assert_true(is_quiet(TICK_USER, 0, 10));
	assert_true(is_quiet(TICK_USER, 1, 9));
	assert_false(is_quiet(TICK_USER, 2, 8));
	assert_false(is_quiet(TICK_USER, 10, 0));
}

static void every_kind_of_use_counts(void **state)
{
	static const enum host_tick kinds[] = { TICK_NICE, TICK_SYSTEM,
						TICK_IRQ, TICK_SOFTIRQ,
						TICK_STEAL };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_false(is_quiet(kinds[i], 5, 5));
	assert_true(is_quiet(TICK_IOWAIT, 5, 5));
	/* The kernel counts this time as user time, too. */
	assert_true(is_quiet(TICK_GUEST, 5, 10));
}

static void cpus_without_counts_are_quiet(void **state)
{
	struct cell cell = { .cpu_count = 1 };
	bool quiet = false;

	(void)state;
	assert_true(quiet_between(before, before));
	/* The made-up machine has no /proc/stat. */
	quiet_wait(&cell, RINGBENCH_NS_PER_S, &quiet);
	assert_true(quiet);
}

static void an_unpinned_cell_does_not_wait(void **state)
{
	struct cell cell = { .cpu_count = 0 };
	bool quiet = false;

	(void)state;
	assert_int_equal(quiet_wait(&cell, RINGBENCH_NS_PER_S, &quiet), 0);
	assert_true(quiet);
}

static void one_quiet_look_ends_the_wait(void **state)
{
	struct cell cell = { .cpus = { 1 }, .cpu_count = 1 };
	bool quiet = false;

	(void)state;
	/* CPU 1 never uses a tick. A wait until the limit would be a day. */
	put("/proc/stat", "cpu 0 0 0 0\ncpu0 7 7 7 7\ncpu1 1 1 1 1\n");
	quiet_wait(&cell, 86400 * RINGBENCH_NS_PER_S, &quiet);
	assert_true(quiet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cpus_are_quiet_up_to_a_tenth_of_use),
		TEST(every_kind_of_use_counts),
		TEST(cpus_without_counts_are_quiet),
		TEST(an_unpinned_cell_does_not_wait),
		TEST(one_quiet_look_ends_the_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
