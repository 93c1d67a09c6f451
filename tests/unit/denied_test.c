/* SPDX-License-Identifier: BSD-2-Clause */
/* Denied time, computed from made-up accounts. */
#include "tally_rig.h"

#include <unistd.h>

#include "denied.h"

#define MS RINGBENCH_NS_PER_MS

static struct surroundings before, after;
static int64_t others_ms; /* time for which other programs used the CPUs */

static int64_t tick_ns(void)
{
	return RINGBENCH_NS_PER_S / sysconf(_SC_CLK_TCK);
}

/* Sets up two threads that ran all the time on these CPUs. */
static void start(const char *cpus)
{
	char lines[128];

	snprintf(lines, sizeof(lines), "wait poll\nplacement %s\n%s%s%send\n",
		 *cpus ? "llc" : "any", *cpus ? "cpus " : "", cpus,
		 *cpus ? "\n" : "");
	set_up(lines);
	record_set_integer(result, COLUMN_elapsed_ns, ELAPSED_NS);
	before = after = (struct surroundings){ .cpus = rig_cpus(&rig) };
	if (!after.cpus)
		before.cpus = after.cpus = 2;
	others_ms = 0;
}

/* The thread had the CPU for `cpu` ms and waited for it for `ready` ms; for the
 * rest of the time it slept, `sleeps` times. */
static void thread(int number, int64_t cpu, int64_t ready, int64_t sleeps)
{
	accounts[number].cpu_ns = cpu * MS;
	accounts[number].runqueue_ns = ready * MS;
	accounts[number].vol_switches = sleeps;
}

static void assert_denied(int64_t ns, const char *expected_flags)
{
	int64_t idle_ns = after.cpus * ELAPSED_NS - others_ms * MS;

	for (int i = 0; i < THREADS; i++)
		idle_ns -= accounts[i].cpu_ns;
	if (before.idle_ticks >= 0)
		after.idle_ticks = idle_ns / tick_ns();
	denied_set(&rig, accounts, &before, &after, result);
	assert_int_equal(record_integer(result, COLUMN_denied_ns), ns);
	assert_string_equal(flags(), expected_flags);
	tear_down(NULL);
}

static void an_undisturbed_observation_has_no_denied_time(void **state)
{
	(void)state;
	start("0+1");
	assert_denied(0, "");
}

static void time_of_other_programs_is_denied_time(void **state)
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

static void wake_ups_are_not_denied_time(void **state)
{
	(void)state;
	/* 2,000 wake-ups of 5 us are 10 ms. */
	start("0+1");
	thread(0, 40, 10, 2000);
	thread(1, 40, 10, 2000);
	assert_denied(0, "");
	start("0+1");
	thread(0, 40, 32, 2000);
	others_ms = 22;
	assert_denied(22 * MS, "preempted");
	/* Other programs used the CPU while the thread slept. */
	start("0+1");
	thread(0, 40, 0, 2000);
	others_ms = 50;
	assert_denied(0, "");
}

static void threads_that_share_a_cpu_cause_no_denied_time(void **state)
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

/* Each thread sleeps while the other one runs, so the CPU is never idle, and
 * with so many wake-ups the accounts of single threads show no denied time. */
static void denied_time_is_found_between_frequent_wake_ups(void **state)
{
	(void)state;
	start("1+1");
	thread(0, 50, 25, 20000);
	thread(1, 50, 25, 20000);
	assert_denied(0, "");
	start("1+1");
	thread(0, 25, 25, 10000);
	thread(1, 25, 25, 10000);
	others_ms = 50;
	assert_denied(50 * MS - tick_ns(), "preempted");
}

static void time_in_which_no_thread_ran_is_denied_time(void **state)
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
	assert_denied(2 * tick_ns(), "");
	/* Both estimates are about the same time, so they must not be added. */
	start("0+1");
	thread(0, 60, 0, 3);
	thread(1, 75, 0, 0);
	after.steal_ticks = 2;
	assert_denied(25 * MS, "");
}

static void throttled_time_is_denied_time(void **state)
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

static void denied_time_of_unpinned_threads_is_limited(void **state)
{
	(void)state;
	/* Both threads were on one CPU, and the other CPU was idle. */
	start("");
	thread(0, 50, 50, 0);
	thread(1, 50, 50, 0);
	assert_denied(0, "");
	/* Another program had the CPUs for 60 ms; one tick for each CPU may be
	 * missing. */
	start("");
	thread(0, 70, 30, 0);
	thread(1, 70, 30, 0);
	others_ms = 60;
	assert_denied(60 * MS - 2 * tick_ns(), "preempted");
	/* Another program was on a third CPU. */
	start("");
	before.cpus = after.cpus = 3;
	others_ms = 100;
	assert_denied(0, "");
}

static void a_hidden_counter_leaves_the_column_empty(void **state)
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
		TEST(an_undisturbed_observation_has_no_denied_time),
		TEST(time_of_other_programs_is_denied_time),
		TEST(wake_ups_are_not_denied_time),
		TEST(threads_that_share_a_cpu_cause_no_denied_time),
		TEST(denied_time_is_found_between_frequent_wake_ups),
		TEST(time_in_which_no_thread_ran_is_denied_time),
		TEST(throttled_time_is_denied_time),
		TEST(denied_time_of_unpinned_threads_is_limited),
		TEST(a_hidden_counter_leaves_the_column_empty),
	};

	return cmocka_run_group_tests_name("denied", tests, NULL, NULL);
}
