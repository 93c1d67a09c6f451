/* SPDX-License-Identifier: BSD-2-Clause */
/* Time that a CPU quota or the hypervisor took, on made-up machines. */
#include "made_up_host.h"

#include "ringbench_clock.h"
#include "surroundings.h"

static struct cell pinned = { .cpu_count = 2, .cpus = { 1, 3 } };
static struct surroundings before, after;

/* The flags of a window of this length between the two readings. */
static const char *flags_of(int64_t elapsed_ns)
{
	static struct record row;

	record_init(&row, &results_schema);
	record_set_integer(&row, COLUMN_elapsed_ns, elapsed_ns);
	surroundings_flag(&before, &after, &row);
	return record_text(&row, COLUMN_flags);
}

static void put_steal(int of_1, int of_2)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "cpu  9 9 9 9 9 9 9 99999 0 0\ncpu1 1 2 3 4 5 6 7 %d 0 0\n"
		 "cpu2 1 2 3 4 5 6 7 %d 0 0\ncpu3 1 2 3 4 5 6 7 10 0 0\n"
		 "intr 5\ncpu1 0 0 0 0 0 0 0 7777 0 0\n",
		 of_1, of_2);
	put("/proc/stat", text);
}

static void a_machine_without_files_gets_no_flag(void **state)
{
	(void)state;
	surroundings_read(&before, &pinned);
	surroundings_read(&after, &pinned);
	assert_int_equal(before.steal_ticks, -1);
	assert_int_equal(before.throttled, 0);
	assert_string_equal(flags_of(RINGBENCH_NS_PER_S), "");
}

static void steal_counts_on_the_cpus_of_the_cell_only(void **state)
{
	(void)state;
	put_steal(5, 100);
	surroundings_read(&before, &pinned);
	assert_int_equal(before.steal_ticks, 15);
	assert_int_equal(before.cpus, 2);
	put_steal(5, 900);
	surroundings_read(&after, &pinned);
	assert_string_equal(flags_of(RINGBENCH_NS_PER_MS), "");
	put_steal(6, 900);
	surroundings_read(&after, &pinned);
	assert_int_equal(after.steal_ticks, 16);
}

static void steal_above_1_percent_is_flagged(void **state)
{
	int64_t tick_ns = RINGBENCH_NS_PER_S / sysconf(_SC_CLK_TCK);

	(void)state;
	put_steal(5, 0);
	surroundings_read(&before, &pinned);
	put_steal(6, 0);
	surroundings_read(&after, &pinned);
	/* Two CPUs for 50 ticks: one tick is 1 % of their time. */
	assert_string_equal(flags_of(50 * tick_ns), "");
	assert_string_equal(flags_of(50 * tick_ns - 100), "steal");
}

static void steal_known_at_one_end_only_sets_no_flag(void **state)
{
	(void)state;
	surroundings_read(&before, &pinned);
	put_steal(500, 0);
	surroundings_read(&after, &pinned);
	assert_string_equal(flags_of(RINGBENCH_NS_PER_S), "");
}

static void a_cell_without_pinning_uses_all_allowed_cpus(void **state)
{
	struct cell anywhere = { .cpu_count = 0 };

	(void)state;
	surroundings_read(&before, &anywhere);
	assert_true(before.cpus >= 1);
}

static void throttling_by_version_2_is_flagged(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/cgroup.controllers", "cpu\n");
	put("/sys/fs/cgroup/cpu.stat", "nr_throttled 3\nthrottled_usec 7\n");
	surroundings_read(&before, &pinned);
	surroundings_read(&after, &pinned);
	assert_string_equal(flags_of(RINGBENCH_NS_PER_S), "");
	put("/sys/fs/cgroup/cpu.stat", "nr_throttled 4\nthrottled_usec 7\n");
	surroundings_read(&after, &pinned);
	assert_string_equal(flags_of(RINGBENCH_NS_PER_S), "throttled");
	/* The quota stopped the process before the window, and the process
	 * continued in the window. */
	put("/sys/fs/cgroup/cpu.stat", "nr_throttled 3\nthrottled_usec 8\n");
	surroundings_read(&after, &pinned);
	assert_string_equal(flags_of(RINGBENCH_NS_PER_S), "throttled");
}

static void throttling_by_version_1_is_flagged(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "4:cpu,cpuacct:/docker/1234\n");
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.stat",
	    "nr_throttled 2\nthrottled_time 800\n");
	surroundings_read(&before, &pinned);
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.stat",
	    "nr_throttled 3\nthrottled_time 900\n");
	surroundings_read(&after, &pinned);
	assert_string_equal(flags_of(RINGBENCH_NS_PER_S), "throttled");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_machine_without_files_gets_no_flag),
		TEST(steal_counts_on_the_cpus_of_the_cell_only),
		TEST(steal_above_1_percent_is_flagged),
		TEST(steal_known_at_one_end_only_sets_no_flag),
		TEST(a_cell_without_pinning_uses_all_allowed_cpus),
		TEST(throttling_by_version_2_is_flagged),
		TEST(throttling_by_version_1_is_flagged),
	};

	return cmocka_run_group_tests_name("surroundings", tests, NULL, NULL);
}
