/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every check of the accounting, at its limit and just beyond its limit, and
 * the status of a row after verification.
 */
#include "tally_rig.h"

/* Tallies and ends. Returns the flags that the preceding change of a clean
 * pingpong has set. */
static const char *flags_then(void)
{
	static char text[RECORD_FIELD_MAX];

	tally();
	snprintf(text, sizeof(text), "%s", flags());
	tear_down(NULL);
	return text;
}

static void waits_longer_than_the_window_are_flagged(void **state)
{
	(void)state;
	pingpong();
	rig.workers[1].empty.total_ns = ELAPSED_NS / 2;
	rig.workers[1].full.total_ns = ELAPSED_NS / 2;
	assert_string_equal(flags_then(), "");
	pingpong();
	rig.workers[1].empty.total_ns = ELAPSED_NS / 2;
	rig.workers[1].full.total_ns = ELAPSED_NS / 2 + 1;
	assert_string_equal(flags_then(), "waits_exceed_elapsed");
	/* Waits that are estimated from a sample may be wrong by 3 %. */
	pingpong();
	rig.workers[1].empty.total_ns = ELAPSED_NS * 103 / 100;
	rig.workers[1].empty.scaled_ns = 64;
	assert_string_equal(flags_then(), "");
	pingpong();
	rig.workers[1].empty.total_ns = ELAPSED_NS * 103 / 100 + 1;
	rig.workers[1].empty.scaled_ns = 64;
	assert_string_equal(flags_then(), "waits_exceed_elapsed");
}

static void more_cpu_time_than_the_window_is_flagged(void **state)
{
	(void)state;
	pingpong();
	accounts[0].cpu_ns = ELAPSED_NS * 101 / 100;
	assert_string_equal(flags_then(), "");
	pingpong();
	accounts[0].cpu_ns = ELAPSED_NS * 101 / 100 + 1;
	assert_string_equal(flags_then(), "cpu_exceeds_elapsed");
	pingpong();
	accounts[0].runqueue_ns = ELAPSED_NS / 100 + 1;
	assert_string_equal(flags_then(), "cpu_exceeds_elapsed");
}

static void time_neither_running_nor_ready_is_flagged_as_stolen(void **state)
{
	(void)state;
	pingpong();
	accounts[0].cpu_ns = ELAPSED_NS * 99 / 100;
	assert_string_equal(flags_then(), "");
	pingpong();
	accounts[0].cpu_ns = ELAPSED_NS * 99 / 100 - 1;
	assert_string_equal(flags_then(), "stolen");
	/* A thread that slept accounts for it. */
	pingpong();
	accounts[0].cpu_ns = ELAPSED_NS / 2;
	accounts[0].vol_switches = 1;
	assert_string_equal(flags_then(), "");
	/* The time in the run queue is unknown. */
	pingpong();
	accounts[0].cpu_ns = ELAPSED_NS / 2;
	accounts[0].runqueue_ns = -1;
	assert_string_equal(flags_then(), "");
}

static void a_page_fault_in_the_window_is_flagged(void **state)
{
	(void)state;
	pingpong();
	accounts[1].page_faults = 1;
	tally();
	assert_string_equal(flags(), "page_faults");
	assert_int_equal(record_integer(result, COLUMN_page_faults), 1);
}

static void more_threads_than_cpus_are_flagged(void **state)
{
	(void)state;
	set_up("wait poll\nplacement llc\ncpus 0+1\nend\n");
	assert_string_equal(flags_then(), "");
	set_up("wait poll\nplacement llc\ncpus 1+1\nend\n");
	assert_string_equal(flags_then(), "oversubscribed");
	set_up("wait poll\nplacement same-cpu\ncpus 0\nend\n");
	assert_string_equal(flags_then(), "oversubscribed");
}

/* Each thread has half of the messages. Verification is not tested here. */
static const char *flags_of_messages(const char *lines, uint64_t messages)
{
	struct pingpong_message *message;

	set_up(lines);
	message = rig.state;
	rig.workers[0].messages = messages / 2;
	rig.workers[1].messages = messages - messages / 2;
	for (uint64_t i = 0; i < 3; i++)
		message->number[i] = messages + 1 + i;
	return flags_then();
}

static void fewer_than_100_messages_are_too_few(void **state)
{
	static const char apart[] = "wait poll\nplacement llc\ncpus 0+1\nend\n";

	(void)state;
	assert_string_equal(flags_of_messages(apart, 100), "");
	assert_string_equal(flags_of_messages(apart, 99), "too_short");
}

/* 25 time slices of 4 ms are the length of the made-up window. */
static void fewer_than_25_time_slices_are_too_few(void **state)
{
	(void)state;
	for (int less = 0; less < 2; less++) {
		set_up("wait poll\nplacement same-cpu\ncpus 0\nend\n");
		for (int i = 0; i < THREADS; i++)
			accounts[i].elapsed_ns -= less;
		accounts[0].cpu_ns = accounts[1].cpu_ns = ELAPSED_NS / 2;
		accounts[0].vol_switches = accounts[1].vol_switches = 1;
		assert_string_equal(flags_then(),
				    less ? "oversubscribed+too_short"
					 : "oversubscribed");
	}
	/* With one CPU for each thread, no thread waits for a time slice. */
	set_up("wait poll\nplacement llc\ncpus 0+1\nend\n");
	for (int i = 0; i < THREADS; i++)
		accounts[i].cpu_ns = accounts[i].elapsed_ns =
			RINGBENCH_NS_PER_MS;
	assert_string_equal(flags_then(), "");
}

static void an_unpinned_thread_that_migrated_is_flagged(void **state)
{
	(void)state;
	pingpong();
	accounts[1].migrations = 1;
	assert_string_equal(flags_then(), "migrated");
	/* A pinned thread cannot have moved in the window. */
	set_up("wait poll\nplacement llc\ncpus 0+1\nend\n");
	accounts[1].migrations = 1;
	assert_string_equal(flags_then(), "");
}

static void a_rounded_capacity_is_flagged(void **state)
{
	(void)state;
	set_up("backend ck_spsc\nwait poll\nplacement any\ncapacity 1000\n"
	       "end\n");
	tally();
	assert_string_equal(flags(), "capacity_rounded");
	assert_int_equal(record_integer(result, COLUMN_capacity_usable), 1023);
}

static void a_stream_with_few_laps_is_flagged(void **state)
{
	(void)state;
	for (int less = 0; less < 2; less++) {
		set_up("scenario stream\nwait poll\nplacement any\ncapacity 8\n"
		       "end\n");
		rig.workers[1].messages = (uint64_t)(64 * 8 - less);
		assert_string_equal(flags_then(), less ? "few_laps" : "");
	}
	/* pingpong has one message, which never fills a ring. */
	set_up("wait poll\nplacement any\ncapacity 65536\nend\n");
	assert_string_equal(flags_then(), "");
}

static void a_bound_is_measured_and_not_verified(void **state)
{
	(void)state;
	set_up("backend line\nwait poll\nplacement any\nend\n");
	tally();
	assert_string_equal(record_text(result, COLUMN_status), "ok");
	assert_string_equal(flags(), "");
	assert_false(record_has(result, COLUMN_verified));
	assert_false(record_has(result, COLUMN_lost));
	assert_false(record_has(result, COLUMN_left_over));
	assert_int_equal(record_integer(result, COLUMN_messages), 1000000);
}

static void a_lost_message_fails_the_observation(void **state)
{
	(void)state;
	pingpong();
	((struct pingpong_message *)rig.state)->number[1]--;
	tally();
	assert_string_equal(record_text(result, COLUMN_status), "failed");
	assert_int_equal(record_integer(result, COLUMN_verified), 0);
	assert_int_equal(record_integer(result, COLUMN_lost), 1);
	assert_string_equal(observation.reason,
			    "lost 1, repeated 0, reordered 0 of 1000000 "
			    "messages");
}

static void an_observation_without_messages_is_an_error(void **state)
{
	(void)state;
	set_up("scenario stream\nwait poll\nplacement any\nend\n");
	rig.workers[0].messages = rig.workers[1].messages = 0;
	tally();
	assert_string_equal(record_text(result, COLUMN_status), "error");
	assert_false(record_has(result, COLUMN_verified));
	assert_non_null(strstr(observation.reason, "--duration"));
}

/* The window of the rig is 100 ms. */
static void assert_planned(const char *end, int64_t planned_ns,
			   int64_t request_ns, const char *expected)
{
	char lines[128];

	snprintf(lines, sizeof(lines),
		 "wait poll\nplacement any\nstop %s\nend\n", end);
	set_up(lines);
	cell.duration_ns = planned_ns;
	rig.request_ns = request_ns;
	tally();
	assert_string_equal(flags(), expected);
	tear_down(NULL);
}

static void a_window_longer_than_planned_is_flagged(void **state)
{
	const int64_t ms = RINGBENCH_NS_PER_MS, start = RINGBENCH_NS_PER_S;

	(void)state;
	assert_planned("event", 100 * ms, start + 100 * ms, "");
	/* More than 4 ms, and less than 5 %. */
	assert_planned("event", 96 * ms - 1000, start + 96 * ms, "");
	assert_planned("event", 95 * ms, start + 95 * ms, "overrun");
	/* With sentinels, the time until the request to stop has a planned
	 * length. */
	assert_planned("sentinel", 50 * ms, start + 50 * ms, "");
	assert_planned("sentinel", 50 * ms, start + 54 * ms, "");
	assert_planned("sentinel", 50 * ms, start + 55 * ms, "overrun");
	/* A number of messages has no planned time. */
	assert_planned("event", 1 * ms, 0, "");
}

static void
a_clock_that_is_off_stretches_the_window_and_is_flagged(void **state)
{
	(void)state;
	pingpong();
	cell.duration_ns = ELAPSED_NS;
	rig.request_ns = RINGBENCH_NS_PER_S + ELAPSED_NS;
	accounts[1].start_ns += 20 * RINGBENCH_NS_PER_MS;
	tally();
	assert_string_equal(flags(), "overrun");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits_longer_than_the_window_are_flagged),
		TEST(more_cpu_time_than_the_window_is_flagged),
		TEST(time_neither_running_nor_ready_is_flagged_as_stolen),
		TEST(a_page_fault_in_the_window_is_flagged),
		TEST(more_threads_than_cpus_are_flagged),
		TEST(fewer_than_100_messages_are_too_few),
		TEST(fewer_than_25_time_slices_are_too_few),
		TEST(an_unpinned_thread_that_migrated_is_flagged),
		TEST(a_rounded_capacity_is_flagged),
		TEST(a_stream_with_few_laps_is_flagged),
		TEST(a_bound_is_measured_and_not_verified),
		TEST(a_lost_message_fails_the_observation),
		TEST(an_observation_without_messages_is_an_error),
		TEST(a_window_longer_than_planned_is_flagged),
		TEST(a_clock_that_is_off_stretches_the_window_and_is_flagged),
	};

	return cmocka_run_group_tests_name("accounting", tests, NULL, NULL);
}
