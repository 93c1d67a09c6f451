/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one-shot event, with each of its four implementations: it is not lost and
 * not early, makes earlier writes visible, and releases everything.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "oneshot.h"

enum {
	ROUNDS = 20000,
	NUDGES = 200,
	FEW_FILES = 64,
	HANG_SECONDS =
		120, /* limit after which the program ends, if a thread hangs */
};

static const char *const names[ONESHOT_TYPES] = {
	[ONESHOT_ON_FUTEX] = "futex",
	[ONESHOT_ON_COND] = "cond",
	[ONESHOT_ON_SEM] = "sem",
	[ONESHOT_ON_EVENTFD] = "eventfd",
};

static void for_each_type(void (*check)(enum oneshot_type type))
{
	for (int type = 0; type < ONESHOT_TYPES; type++) {
		print_message("           %s\n", names[type]);
		check((enum oneshot_type)type);
	}
}

static void check_set_first(enum oneshot_type type)
{
	struct oneshot event;

	assert_int_equal(oneshot_init(&event, type), 0);
	oneshot_set(&event);
	oneshot_wait(&event); /* the call would never return if the event were
				 lost */
	oneshot_destroy(&event);
}

static void an_event_that_was_set_before_ends_the_wait_at_once(void **state)
{
	(void)state;
	for_each_type(check_set_first);
}

/* A question with its event. The memory is used again and again. */
struct question {
	struct oneshot event;
	uint64_t number; /* plain memory: the event makes it visible */
	uint32_t asked RINGBENCH_ALIGNED;
};

static struct question question;

static void *answer_all(void *arg)
{
	(void)arg;
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		while (ringbench_load_acquire(&question.asked) != i)
			sched_yield();
		question.number *= 2;
		oneshot_set(&question.event);
	}
	return NULL;
}

/* Sometimes the setter is first, sometimes the waiter. */
static void check_rounds(enum oneshot_type type)
{
	pthread_t other;

	memset(&question, 0, sizeof(question));
	assert_int_equal(pthread_create(&other, NULL, answer_all, NULL), 0);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		assert_int_equal(oneshot_init(&question.event, type), 0);
		question.number = i;
		ringbench_store_release(&question.asked, i);
		if (i % 3 == 0)
			sched_yield();
		oneshot_wait(&question.event);
		assert_int_equal(question.number, 2 * i);
		oneshot_destroy(&question.event);
	}
	pthread_join(other, NULL);
}

static void no_event_is_lost_in_twenty_thousand_rounds(void **state)
{
	(void)state;
	for_each_type(check_rounds);
}

/* A waiting thread, with the state that other threads may read. */
struct sleeper {
	struct oneshot event;
	pthread_t thread;
	uint32_t started;
	uint32_t may_return;
	uint32_t early;
};

static struct sleeper sleeper;

static void *sleep_until_set(void *arg)
{
	(void)arg;
	ringbench_store_release(&sleeper.started, 1);
	oneshot_wait(&sleeper.event);
	sleeper.early = !ringbench_load_acquire(&sleeper.may_return);
	return NULL;
}

/* Only a set ends the wait, not an interruption. */
static void check_nudges(enum oneshot_type type, void (*nudge)(void))
{
	memset(&sleeper, 0, sizeof(sleeper));
	assert_int_equal(oneshot_init(&sleeper.event, type), 0);
	assert_int_equal(
		pthread_create(&sleeper.thread, NULL, sleep_until_set, NULL),
		0);
	while (!ringbench_load_acquire(&sleeper.started))
		sched_yield();
	for (int i = 0; i < NUDGES; i++) {
		nudge();
		/* Usually long enough for the thread to fall asleep again. */
		usleep(20);
	}
	ringbench_store_release(&sleeper.may_return, 1);
	oneshot_set(&sleeper.event);
	pthread_join(sleeper.thread, NULL);
	oneshot_destroy(&sleeper.event);
	assert_int_equal(sleeper.early, 0);
}

static void do_nothing(void)
{
}

static void check_set_later(enum oneshot_type type)
{
	check_nudges(type, do_nothing);
}

static void a_waiter_sleeps_until_the_event_is_set(void **state)
{
	(void)state;
	for_each_type(check_set_later);
}

static void handle(int number)
{
	(void)number;
}

static void interrupt(void)
{
	pthread_kill(sleeper.thread, SIGUSR1);
}

static void check_signals(enum oneshot_type type)
{
	check_nudges(type, interrupt);
}

static void signals_do_not_end_a_wait(void **state)
{
	/* No SA_RESTART: system calls return with EINTR. */
	struct sigaction action = { .sa_handler = handle };

	(void)state;
	assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
	for_each_type(check_signals);
}

static void wake_for_nothing(void)
{
	ringbench_futex_wake_all(&sleeper.event.on.word);
}

/* A late wake-up for an earlier event at this address has this effect. */
static void a_futex_continues_to_wait_after_a_spurious_wake_up(void **state)
{
	(void)state;
	check_nudges(ONESHOT_ON_FUTEX, wake_for_nothing);
}

static void signal_for_nothing(void)
{
	pthread_cond_signal(&sleeper.event.on.cond.changed);
}

static void a_condition_continues_to_wait_after_a_spurious_wake_up(void **state)
{
	(void)state;
	check_nudges(ONESHOT_ON_COND, signal_for_nothing);
}

/* Without a waiter, the setter makes no system call. */
static void a_futex_is_woken_only_if_a_thread_waits(void **state)
{
	struct oneshot event;

	(void)state;
	assert_int_equal(oneshot_init(&event, ONESHOT_ON_FUTEX), 0);
	assert_int_equal(event.on.word, ONESHOT_EMPTY);
	oneshot_set(&event);
	assert_int_equal(event.on.word, ONESHOT_SET);
}

static void an_eventfd_closes_its_descriptor(void **state)
{
	struct rlimit before, few;
	struct oneshot event;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = FEW_FILES;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < 2 * FEW_FILES; i++) {
		assert_int_equal(oneshot_init(&event, ONESHOT_ON_EVENTFD), 0);
		oneshot_destroy(&event);
	}
	setrlimit(RLIMIT_NOFILE, &before);
}

static void without_a_free_descriptor_there_is_an_error(void **state)
{
	struct rlimit before, none;
	struct oneshot event;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(oneshot_init(&event, ONESHOT_ON_EVENTFD), -EMFILE);
	setrlimit(RLIMIT_NOFILE, &before);
}

static void an_unknown_type_is_an_error(void **state)
{
	struct oneshot event;

	(void)state;
	assert_int_equal(oneshot_init(&event, ONESHOT_TYPES), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_event_that_was_set_before_ends_the_wait_at_once),
		cmocka_unit_test(no_event_is_lost_in_twenty_thousand_rounds),
		cmocka_unit_test(a_waiter_sleeps_until_the_event_is_set),
		cmocka_unit_test(signals_do_not_end_a_wait),
		cmocka_unit_test(
			a_futex_continues_to_wait_after_a_spurious_wake_up),
		cmocka_unit_test(
			a_condition_continues_to_wait_after_a_spurious_wake_up),
		cmocka_unit_test(a_futex_is_woken_only_if_a_thread_waits),
		cmocka_unit_test(an_eventfd_closes_its_descriptor),
		cmocka_unit_test(without_a_free_descriptor_there_is_an_error),
		cmocka_unit_test(an_unknown_type_is_an_error),
	};

	alarm(HANG_SECONDS);
	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
