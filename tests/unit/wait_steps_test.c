/* SPDX-License-Identifier: BSD-2-Clause */
/* When the blocking wait policies sleep. */
#include "made_up_time.h"
#include "wait_steps.h"

enum {
	US = 1000,
	TRY_NS = 16, /* a try and a pause */
	FOR_EVER = 1000000,
};

static const uint32_t go_on;
static struct worker worker;
static struct channel channel;

static int start(void **state)
{
	memset(&worker, 0, sizeof(worker));
	memset(&channel, 0, sizeof(channel));
	worker.stop = &go_on;
	return reset(state);
}

/* Lets one wait fail until it sleeps. Returns the failed tries before. */
static int tries_before_sleep(enum direction direction, enum wait_kind kind)
{
	int tries = 1;
	struct wait wait;

	wait_begin(&wait, &worker, &channel, direction, kind, false);
	for (; wait.state != WAIT_ASLEEP && tries < FOR_EVER; tries++) {
		time_ns += TRY_NS;
		assert_true(wait_next(&wait));
	}
	return tries - 1;
}

static void assert_sleeps_after(enum direction direction, enum wait_kind kind,
				int64_t least_ns, int64_t most_ns)
{
	int64_t spent_ns = TRY_NS * tries_before_sleep(direction, kind);

	if (spent_ns < least_ns || spent_ns > most_ns)
		fail_msg("slept after %lld ns, and not after %lld to %lld",
			 (long long)spent_ns, (long long)least_ns,
			 (long long)most_ns);
}

static void a_wait_sleeps_after_its_head(void **state)
{
	(void)state;
	assert_int_equal(tries_before_sleep(POP, WAIT_BLOCK),
			 WAITCLOCK_HEAD_TRIES);
	assert_int_equal(tries_before_sleep(PUSH, WAIT_BLOCK),
			 WAITCLOCK_HEAD_TRIES);
}

static void a_consumer_expects_the_producers_that_were_woken(void **state)
{
	(void)state;
	channel.not_full.woken_ns = time_ns - 20 * US;
	assert_sleeps_after(POP, WAIT_BLOCK, 29 * US, 33 * US);
	channel.not_full.woken_ns = time_ns;
	assert_sleeps_after(POP, WAIT_TIMEOUT, 49 * US, 53 * US);
}

static void a_producer_expects_the_consumers_that_were_woken(void **state)
{
	(void)state;
	channel.not_empty.woken_ns = time_ns;
	assert_sleeps_after(PUSH, WAIT_BLOCK, 49 * US, 53 * US);
}

static void a_wake_up_long_ago_does_not_count(void **state)
{
	(void)state;
	channel.not_full.woken_ns = time_ns - 51 * US;
	assert_int_equal(tries_before_sleep(POP, WAIT_BLOCK),
			 WAITCLOCK_HEAD_TRIES);
}

/* The threads of its own side do not end its wait. */
static void a_wake_up_of_its_own_side_does_not_count(void **state)
{
	(void)state;
	channel.not_empty.woken_ns = time_ns;
	assert_int_equal(tries_before_sleep(POP, WAIT_BLOCK),
			 WAITCLOCK_HEAD_TRIES);
}

static void adaptive_expects_woken_threads_while_it_does_not_spin(void **state)
{
	(void)state;
	worker.wait_ns = 5 * US;
	worker.gaps[POP].cost_ns = 10 * US;
	assert_int_equal(tries_before_sleep(POP, WAIT_ADAPTIVE),
			 WAITCLOCK_HEAD_TRIES);
	channel.not_full.woken_ns = time_ns;
	assert_sleeps_after(POP, WAIT_ADAPTIVE, 49 * US, 53 * US);
}

/* A thread that is not asleep runs only when this thread sleeps. */
static void on_one_cpu_a_wait_sleeps_at_once(void **state)
{
	(void)state;
	worker.one_cpu = true;
	channel.not_full.woken_ns = time_ns;
	assert_int_equal(tries_before_sleep(POP, WAIT_BLOCK), 0);
	assert_int_equal(tries_before_sleep(POP, WAIT_ADAPTIVE), 0);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wait_sleeps_after_its_head),
		TEST(a_consumer_expects_the_producers_that_were_woken),
		TEST(a_producer_expects_the_consumers_that_were_woken),
		TEST(a_wake_up_long_ago_does_not_count),
		TEST(a_wake_up_of_its_own_side_does_not_count),
		TEST(adaptive_expects_woken_threads_while_it_does_not_spin),
		TEST(on_one_cpu_a_wait_sleeps_at_once),
	};

	return cmocka_run_group_tests_name("wait_steps", tests, NULL, NULL);
}
