/* SPDX-License-Identifier: BSD-2-Clause */
/* The eventcount: no wake-up is lost, and no deadline is early or ignored. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "eventcount.h"

enum {
	ROUNDS = 20000,
	SLEEPERS = 4,
	HANG_SECONDS =
		60, /* limit after which the program ends, if a thread hangs */
};

/* A wait that takes longer has missed its wake-up. */
#define LOST_NS (20 * RINGBENCH_NS_PER_S)

static struct eventcount ec;

static int reset(void **state)
{
	(void)state;
	memset(&ec, 0, sizeof(ec));
	return 0;
}

/* A number with its eventcount. The other thread raises the number and
 * notifies. */
struct box {
	struct eventcount changed;
	uint32_t number RINGBENCH_ALIGNED;
};

static struct box boxes[2];

/* Waits for the number. Returns false if a wake-up was lost. */
static bool await(struct box *box, uint32_t wanted)
{
	for (;;) {
		uint32_t key = eventcount_prepare(&box->changed);

		if (ringbench_load_acquire(&box->number) == wanted)
			return true;
		if (eventcount_wait(&box->changed, key,
				    ringbench_now_ns() + LOST_NS) != 0)
			return false;
	}
}

static void raise_number(struct box *box, uint32_t number)
{
	ringbench_store_release(&box->number, number);
	eventcount_notify(&box->changed);
}

static void *answer(void *arg)
{
	(void)arg;
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		if (!await(&boxes[1], i))
			return "lost";
		raise_number(&boxes[0], i);
	}
	return NULL;
}

static void no_wake_up_is_lost_in_twenty_thousand_rounds(void **state)
{
	pthread_t other;
	void *lost;

	(void)state;
	memset(boxes, 0, sizeof(boxes));
	assert_int_equal(pthread_create(&other, NULL, answer, NULL), 0);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		raise_number(&boxes[1], i);
		assert_true(await(&boxes[0], i));
	}
	pthread_join(other, &lost);
	assert_null(lost);
}

/* Threads that have announced their sleep before they are woken. */
struct sleepers {
	uint32_t announced;
	uint32_t woken;
};

static struct sleepers sleepers;

static void *sleep_once(void *arg)
{
	uint32_t key = eventcount_prepare(&ec);

	(void)arg;
	ringbench_fetch_add_release(&sleepers.announced, 1);
	if (eventcount_wait(&ec, key, ringbench_now_ns() + LOST_NS) == 0)
		ringbench_fetch_add_release(&sleepers.woken, 1);
	return NULL;
}

static void assert_wakes_all(void (*wake)(struct eventcount *))
{
	pthread_t threads[SLEEPERS];

	for (int repeat = 0; repeat < 20; repeat++) {
		reset(NULL);
		memset(&sleepers, 0, sizeof(sleepers));
		for (int i = 0; i < SLEEPERS; i++)
			assert_int_equal(pthread_create(&threads[i], NULL,
							sleep_once, NULL),
					 0);
		while (ringbench_load_acquire(&sleepers.announced) < SLEEPERS)
			usleep(100);
		/* In every second turn the threads have time to fall asleep. */
		if (repeat % 2)
			usleep(2000);
		wake(&ec);
		for (int i = 0; i < SLEEPERS; i++)
			pthread_join(threads[i], NULL);
		assert_int_equal(sleepers.woken, SLEEPERS);
	}
}

static void notify(struct eventcount *which)
{
	eventcount_notify(which);
}

static void one_notification_wakes_all_sleepers(void **state)
{
	(void)state;
	assert_wakes_all(notify);
}

static void wake_all_wakes_all_sleepers(void **state)
{
	(void)state;
	assert_wakes_all(eventcount_wake_all);
}

static void a_notification_after_the_key_ends_the_wait_at_once(void **state)
{
	uint32_t key = eventcount_prepare(&ec);

	(void)state;
	eventcount_notify(&ec);
	/* The call would never return if it slept. */
	assert_int_equal(eventcount_wait(&ec, key, RINGBENCH_NEVER), 0);
}

static void wake_all_after_the_key_ends_the_wait_at_once(void **state)
{
	uint32_t key = eventcount_prepare(&ec);

	(void)state;
	/* A notifier has cleared the flag, as it can happen before a close. */
	eventcount_notify(&ec);
	key = ec.epoch;
	eventcount_wake_all(&ec);
	assert_int_equal(eventcount_wait(&ec, key, RINGBENCH_NEVER), 0);
}

static void a_notification_without_sleepers_changes_nothing(void **state)
{
	(void)state;
	eventcount_notify(&ec);
	assert_int_equal(ec.epoch, 0);
	eventcount_prepare(&ec);
	assert_true(ec.state & EVENTCOUNT_SLEEPING);
	eventcount_notify(&ec);
	assert_int_equal(ec.epoch, 1);
	assert_false(ec.state & EVENTCOUNT_SLEEPING);
	/* Until another thread announces a sleep. */
	eventcount_notify(&ec);
	assert_int_equal(ec.epoch, 1);
}

static void closing_wakes_sleepers_whose_flag_was_cleared(void **state)
{
	(void)state;
	assert_int_equal(ec.state, 0);
	eventcount_wake_all(&ec);
	assert_int_equal(ec.epoch, 1);
}

static void prepare_returns_the_newest_key(void **state)
{
	(void)state;
	eventcount_wake_all(&ec);
	eventcount_wake_all(&ec);
	assert_int_equal(eventcount_prepare(&ec), 2);
}

static void the_epoch_may_overflow(void **state)
{
	uint32_t key;

	(void)state;
	ec.epoch = UINT32_MAX;
	key = eventcount_prepare(&ec);
	eventcount_notify(&ec);
	assert_int_equal(ec.epoch, 0);
	assert_int_equal(eventcount_wait(&ec, key, RINGBENCH_NEVER), 0);
}

static void fences_end_after_many_notifications_without_a_sleeper(void **state)
{
	(void)state;
	eventcount_init(&ec, 0);
	eventcount_prepare(&ec);
	eventcount_notify(&ec);
	assert_int_equal(ec.state & ~(unsigned)EVENTCOUNT_REFUSED,
			 EVENTCOUNT_FENCING | EVENTCOUNT_FENCED);
	if (ec.state & EVENTCOUNT_REFUSED)
		skip();
	for (int i = 1; i < EVENTCOUNT_QUIET; i++)
		eventcount_notify(&ec);
	assert_true(ec.state & EVENTCOUNT_FENCED);
	eventcount_notify(&ec);
	assert_int_equal(ec.state, 0);
}

static void fences_do_not_end_while_a_thread_sleeps(void **state)
{
	(void)state;
	eventcount_init(&ec, UINT32_MAX); /* no notify changes this key */
	eventcount_prepare(&ec);
	for (int i = 0; i < 2 * EVENTCOUNT_QUIET; i++)
		eventcount_notify(&ec);
	assert_true(ec.state & EVENTCOUNT_FENCED);
	assert_true(ec.state & EVENTCOUNT_SLEEPING);
}

static void a_sleeper_resets_the_count(void **state)
{
	(void)state;
	eventcount_prepare(&ec);
	eventcount_notify(&ec);
	for (int i = 1; i < EVENTCOUNT_QUIET; i++)
		eventcount_notify(&ec);
	eventcount_prepare(&ec);
	eventcount_notify(&ec);
	eventcount_notify(&ec);
	assert_true(ec.state & EVENTCOUNT_FENCED);
}

static void only_the_waiter_that_set_fencing_sets_fenced(void **state)
{
	(void)state;
	/* Another waiter is still in its membarrier call. */
	ec.state = EVENTCOUNT_FENCING;
	eventcount_prepare(&ec);
	if (ec.state & EVENTCOUNT_REFUSED)
		skip();
	assert_false(ec.state & EVENTCOUNT_FENCED);
}

static void the_watermark_holds_a_wake_up_back(void **state)
{
	(void)state;
	eventcount_init(&ec, 3);
	eventcount_prepare(&ec);
	eventcount_notify(&ec);
	eventcount_notify(&ec);
	assert_int_equal(ec.epoch, 0);
	eventcount_notify(&ec);
	assert_int_equal(ec.epoch, 1);
	/* The count starts at 0 again. */
	eventcount_prepare(&ec);
	eventcount_notify(&ec);
	assert_int_equal(ec.epoch, 1);
	eventcount_flush(&ec);
	assert_int_equal(ec.epoch, 2);
	eventcount_flush(&ec);
	assert_int_equal(ec.epoch, 2);
}

static void a_nap_ends_although_the_wake_up_is_held_back(void **state)
{
	int64_t nap_ns = 0;

	(void)state;
	eventcount_init(&ec, 1000);
	for (int i = 1; i <= 4; i++) {
		uint32_t key = eventcount_prepare(&ec);

		assert_int_equal(
			eventcount_nap(&ec, key, RINGBENCH_NEVER, &nap_ns), 0);
		assert_int_equal(nap_ns, EVENTCOUNT_NAP_NS << (i - 1));
	}
}

static void a_nap_ends_at_the_deadline(void **state)
{
	int64_t nap_ns = 0;
	int64_t end_ns = ringbench_now_ns() + EVENTCOUNT_NAP_NS / 4;
	uint32_t key;

	(void)state;
	eventcount_init(&ec, 1000);
	key = eventcount_prepare(&ec);
	assert_int_equal(eventcount_nap(&ec, key, end_ns, &nap_ns), -ETIMEDOUT);
	assert_true(ringbench_now_ns() >= end_ns);
}

static void the_watermark_is_half_of_the_capacity_but_limited(void **state)
{
	(void)state;
	assert_int_equal(eventcount_half(0), 0);
	assert_int_equal(eventcount_half(1), 0);
	assert_int_equal(eventcount_half(1023), 511);
	assert_int_equal(eventcount_half(SIZE_MAX), EVENTCOUNT_HELD_MAX);
}

/* Waits until the deadline; no thread notifies. */
static void assert_times_out(int64_t deadline_ns)
{
	int result;

	do {
		uint32_t key = eventcount_prepare(&ec);

		result = eventcount_wait(&ec, key, deadline_ns);
	} while (result == 0);
	assert_int_equal(result, -ETIMEDOUT);
	assert_true(ringbench_now_ns() >= deadline_ns);
}

static void a_timeout_is_never_early(void **state)
{
	(void)state;
	for (int i = 0; i < 30; i++)
		assert_times_out(ringbench_now_ns() +
				 i * 100 * RINGBENCH_NS_PER_US);
}

static void a_deadline_in_the_past_is_a_timeout(void **state)
{
	uint32_t key = eventcount_prepare(&ec);

	(void)state;
	assert_int_equal(eventcount_wait(&ec, key, ringbench_now_ns() - 1),
			 -ETIMEDOUT);
	assert_int_equal(eventcount_wait(&ec, key, 0), -ETIMEDOUT);
	assert_int_equal(eventcount_wait(&ec, key, -5), -ETIMEDOUT);
	assert_int_equal(eventcount_wait(&ec, key, INT64_MIN), -ETIMEDOUT);
}

/* The kernel reports only the changed epoch, so eventcount_wait() must read the
 * clock. */
static void a_past_deadline_ends_the_wait_after_a_change(void **state)
{
	uint32_t key = eventcount_prepare(&ec);

	(void)state;
	eventcount_wake_all(&ec);
	assert_int_equal(eventcount_wait(&ec, key, ringbench_now_ns()),
			 -ETIMEDOUT);
	assert_int_equal(
		eventcount_wait(&ec, key, ringbench_now_ns() + LOST_NS), 0);
}

static uint32_t storm_over;

static void *storm(void *arg)
{
	(void)arg;
	while (!ringbench_load_acquire(&storm_over))
		eventcount_wake_all(&ec);
	return NULL;
}

static void many_notifications_do_not_delay_the_deadline(void **state)
{
	pthread_t thread;

	(void)state;
	ringbench_store_release(&storm_over, 0);
	assert_int_equal(pthread_create(&thread, NULL, storm, NULL), 0);
	while (ringbench_load_acquire(&ec.epoch) == 0)
		usleep(100);
	assert_times_out(ringbench_now_ns() + 30 * RINGBENCH_NS_PER_MS);
	ringbench_store_release(&storm_over, 1);
	pthread_join(thread, NULL);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_wake_up_is_lost_in_twenty_thousand_rounds),
		TEST(one_notification_wakes_all_sleepers),
		TEST(wake_all_wakes_all_sleepers),
		TEST(a_notification_after_the_key_ends_the_wait_at_once),
		TEST(wake_all_after_the_key_ends_the_wait_at_once),
		TEST(a_notification_without_sleepers_changes_nothing),
		TEST(closing_wakes_sleepers_whose_flag_was_cleared),
		TEST(prepare_returns_the_newest_key),
		TEST(the_epoch_may_overflow),
		TEST(fences_end_after_many_notifications_without_a_sleeper),
		TEST(fences_do_not_end_while_a_thread_sleeps),
		TEST(a_sleeper_resets_the_count),
		TEST(only_the_waiter_that_set_fencing_sets_fenced),
		TEST(the_watermark_holds_a_wake_up_back),
		TEST(a_nap_ends_although_the_wake_up_is_held_back),
		TEST(a_nap_ends_at_the_deadline),
		TEST(the_watermark_is_half_of_the_capacity_but_limited),
		TEST(a_timeout_is_never_early),
		TEST(a_deadline_in_the_past_is_a_timeout),
		TEST(a_past_deadline_ends_the_wait_after_a_change),
		TEST(many_notifications_do_not_delay_the_deadline),
	};

	alarm(HANG_SECONDS);
	return cmocka_run_group_tests_name("eventcount", tests, NULL, NULL);
}
