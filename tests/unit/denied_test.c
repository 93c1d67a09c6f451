/* SPDX-License-Identifier: BSD-2-Clause */
/* The time that others took, on accounts that are made up. */
#include "tally_rig.h"

#include <unistd.h>

#include "denied.h"

#define MS RINGBENCH_NS_PER_MS

static struct surroundings before, after;

/* Two threads that ran all the time on these CPUs. */
static void start(const char *cpus)
{
	char lines[128];

	snprintf(lines, sizeof(lines), "wait poll\nplacement %s\n%s%s%send\n",
		 *cpus ? "llc" : "any", *cpus ? "cpus " : "", cpus,
		 *cpus ? "\n" : "");
	set_up(lines);
	record_set_integer(result, COLUMN_elapsed_ns, ELAPSED_NS);
	before = after = (struct surroundings){ .cpus = 2 };
}

/* The thread had the CPU for `cpu` ms and waited for it for `ready` ms; for the
 * rest of the time it slept, so many times. */
static void thread(int number, int64_t cpu, int64_t ready, int64_t sleeps)
{
	accounts[number].cpu_ns = cpu * MS;
	accounts[number].runqueue_ns = ready * MS;
	accounts[number].vol_switches = sleeps;
}

static void assert_denied(int64_t ns, const char *expected_flags)
{
	denied_set(&rig, accounts, &before, &after, result);
	assert_int_equal(record_integer(result, COLUMN_denied_ns), ns);
	assert_string_equal(flags(), expected_flags);
	tear_down(NULL);
}

static void an_undisturbed_observation_is_denied_nothing(void **state)
{
	(void)state;
	start("0+1");
	assert_denied(0, "");
}

static void a_polling_thread_is_denied_what_others_had(void **state)
{
	(void)state;
	start("0+1");
	thread(0, 70, 30, 0);
	assert_denied(30 * MS, "preempted");
	start("0+1");
	thread(0, 99, 1, 0);
	assert_denied(1 * MS, "");
	start("0+1");
	thread(0, 99, 1, 0);
	thread(1, 98, 2, 0);
	assert_denied(3 * MS, "preempted");
}

static void wake_ups_are_not_denied(void **state)
{
	(void)state;
	/* 2,000 wake-ups of 5 us are 10 ms. */
	start("0+1");
	thread(0, 40, 10, 2000);
	thread(1, 40, 10, 2000);
	assert_denied(0, "");
	start("0+1");
	thread(0, 40, 32, 2000);
	assert_denied(22 * MS, "preempted");
}

static void threads_on_one_cpu_do_not_deny_each_other(void **state)
{
	(void)state;
	start("1+1");
	thread(0, 50, 50, 0);
	thread(1, 50, 50, 0);
	assert_denied(0, "");
	/* Another program had a third of the CPU. */
	start("1+1");
	thread(0, 34, 66, 0);
	thread(1, 34, 66, 0);
	assert_denied(32 * MS, "preempted");
}

static void time_in_which_no_thread_ran_was_the_hypervisors(void **state)
{
	(void)state;
	start("0+1");
	thread(0, 60, 10, 0);
	assert_denied(40 * MS, "preempted");
	/* A thread that sleeps needs no CPU. */
	start("0+1");
	thread(0, 60, 0, 3);
	assert_denied(0, "");
	start("0+1");
	thread(0, 60, 0, 3);
	after.steal_ticks = 2;
	assert_denied(2 * RINGBENCH_NS_PER_S / sysconf(_SC_CLK_TCK), "");
	/* Both are one and the same time. */
	start("0+1");
	thread(0, 60, 0, 3);
	thread(1, 75, 0, 0);
	after.steal_ticks = 2;
	assert_denied(25 * MS, "");
}

static void a_quota_denies_what_its_clock_says(void **state)
{
	(void)state;
	start("0+1");
	thread(0, 60, 0, 3);
	after.throttled_ns = 30 * MS;
	assert_denied(30 * MS, "");
	start("0+1");
	thread(0, 60, 40, 0);
	after.throttled_ns = 30 * MS;
	assert_denied(40 * MS, "preempted");
}

static void unpinned_threads_are_denied_no_more_than_others_used(void **state)
{
	int64_t ticks = sysconf(_SC_CLK_TCK);

	(void)state;
	/* Both threads were on one CPU, and the other CPU was idle. */
	start("");
	thread(0, 50, 50, 0);
	thread(1, 50, 50, 0);
	after.idle_ticks = ticks / 10;
	assert_denied(0, "");
	/* Another program had 60 ms; one tick for each CPU may be missing. */
	start("");
	thread(0, 70, 30, 0);
	thread(1, 70, 30, 0);
	assert_denied(60 * MS - 2 * RINGBENCH_NS_PER_S / ticks, "preempted");
	/* Another program was on a third CPU. */
	start("");
	before.cpus = after.cpus = 3;
	assert_denied(0, "");
}

static void what_the_system_hides_is_empty(void **state)
{
	(void)state;
	start("0+1");
	accounts[1].runqueue_ns = -1;
	denied_set(&rig, accounts, &before, &after, result);
	assert_false(record_has(result, COLUMN_denied_ns));
	tear_down(NULL);
	start("");
	before.idle_ticks = -1;
	denied_set(&rig, accounts, &before, &after, result);
	assert_false(record_has(result, COLUMN_denied_ns));
	tear_down(NULL);
	start("0+1");
	before.steal_ticks = after.steal_ticks = before.idle_ticks = -1;
	thread(0, 60, 0, 3);
	assert_denied(0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_undisturbed_observation_is_denied_nothing),
		TEST(a_polling_thread_is_denied_what_others_had),
		TEST(wake_ups_are_not_denied),
		TEST(threads_on_one_cpu_do_not_deny_each_other),
		TEST(time_in_which_no_thread_ran_was_the_hypervisors),
		TEST(a_quota_denies_what_its_clock_says),
		TEST(unpinned_threads_are_denied_no_more_than_others_used),
		TEST(what_the_system_hides_is_empty),
	};

	return cmocka_run_group_tests_name("denied", tests, NULL, NULL);
}
