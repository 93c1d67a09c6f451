/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * waitable.h: deadlines, close, the end of the stream, and no lost wake-up if
 * threads are delayed between critical steps.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_delay.h"
/* A small value, so that the phase with fences often ends and begins again. */
#define EVENTCOUNT_QUIET 2

#include "mpmc_ring.h"
#include "spsc_ring.h"
#include "waitable.h"

WAITABLE_RING(spsc, struct spsc_producer, struct spsc_consumer, uint64_t)
WAITABLE_RING(mpmc, struct mpmc_end, struct mpmc_end, uint64_t)

enum {
	THREADS = 4,
	MESSAGES = 20000, /* messages of each producer */
	HANG_SECONDS = 100,
};

/* A wait that takes longer has missed its wake-up. */
#define LOST_NS (20 * RINGBENCH_NS_PER_S)

static struct waitable waitable;
static struct spsc_ring spsc;
static struct mpmc_ring mpmc;
static struct spsc_producer producer;
static struct spsc_consumer consumer;

static void make_spsc(size_t capacity)
{
	if (spsc_ring_init(&spsc, capacity) != 0)
		abort();
	waitable_init(&waitable, capacity);
	spsc_producer_open(&producer, &spsc);
	spsc_consumer_open(&consumer, &spsc);
}

static int64_t soon(void)
{
	return ringbench_now_ns() + 2 * RINGBENCH_NS_PER_MS;
}

static void a_deadline_ends_a_pop_and_is_never_early(void **state)
{
	uint64_t word;

	(void)state;
	make_spsc(4);
	for (int sleeps = 0; sleeps < 2; sleeps++) {
		int64_t deadline = soon();

		waitable.price_ns = sleeps ? 0 : RINGBENCH_NS_PER_S;
		assert_int_equal(
			spsc_pop_wait(&waitable, &consumer, &word, deadline),
			-ETIMEDOUT);
		assert_true(ringbench_now_ns() >= deadline);
	}
	spsc_ring_free(&spsc);
}

static void a_deadline_ends_a_push_and_is_never_early(void **state)
{
	(void)state;
	make_spsc(1);
	assert_int_equal(spsc_push_wait(&waitable, &producer, 1, 0), 0);
	for (int sleeps = 0; sleeps < 2; sleeps++) {
		int64_t deadline = soon();

		waitable.price_ns = sleeps ? 0 : RINGBENCH_NS_PER_S;
		assert_int_equal(
			spsc_push_wait(&waitable, &producer, 2, deadline),
			-ETIMEDOUT);
		assert_true(ringbench_now_ns() >= deadline);
	}
	spsc_ring_free(&spsc);
}

static void a_deadline_of_0_or_less_is_one_try_without_sleeping(void **state)
{
	uint64_t word = 0;

	(void)state;
	make_spsc(1);
	assert_int_equal(spsc_pop_wait(&waitable, &consumer, &word, 0),
			 -ETIMEDOUT);
	assert_int_equal(spsc_push_wait(&waitable, &producer, 7, 0), 0);
	assert_int_equal(spsc_push_wait(&waitable, &producer, 8, INT64_MIN),
			 -ETIMEDOUT);
	assert_int_equal(spsc_pop_wait(&waitable, &consumer, &word, -1), 0);
	assert_int_equal(word, 7);
	assert_false(waitable.not_empty.changed.state & EVENTCOUNT_SLEEPING);
	spsc_ring_free(&spsc);
}

static void a_closed_ring_is_drained_before_the_stream_ends(void **state)
{
	uint64_t word = 0;

	(void)state;
	make_spsc(4);
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(spsc_push_wait(&waitable, &producer, i,
						RINGBENCH_NEVER),
				 0);
	waitable_close(&waitable);
	for (uint64_t i = 1; i <= 3; i++) {
		assert_int_equal(spsc_pop_wait(&waitable, &consumer, &word,
					       RINGBENCH_NEVER),
				 0);
		assert_int_equal(word, i);
	}
	for (int i = 0; i < 2; i++)
		assert_int_equal(spsc_pop_wait(&waitable, &consumer, &word,
					       RINGBENCH_NEVER),
				 -EPIPE);
	spsc_ring_free(&spsc);
}

static void a_closed_ring_accepts_no_push(void **state)
{
	uint64_t word = 0;

	(void)state;
	make_spsc(4);
	waitable_close(&waitable);
	assert_int_equal(
		spsc_push_wait(&waitable, &producer, 1, RINGBENCH_NEVER),
		-EPIPE);
	assert_false(spsc_pop(&consumer, &word));
	spsc_ring_free(&spsc);
}

static void start(pthread_t *threads, int count, void *(*run)(void *))
{
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, run, NULL) != 0)
			abort();
}

/* Joins the threads and returns the sum of their results. */
static uintptr_t sum_of(pthread_t *threads, int count)
{
	uintptr_t sum = 0;
	void *result;

	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], &result);
		sum += (uintptr_t)result;
	}
	return sum;
}

static void *pop_until_closed(void *arg)
{
	struct mpmc_end end;
	uint64_t word;
	int error;

	(void)arg;
	mpmc_end_open(&end, &mpmc);
	error = mpmc_pop_wait(&waitable, &end, &word, RINGBENCH_NEVER);
	mpmc_end_close(&end);
	return (void *)(uintptr_t)(error == -EPIPE);
}

static void *push_until_closed(void *arg)
{
	struct mpmc_end end;

	(void)arg;
	mpmc_end_open(&end, &mpmc);
	while (mpmc_push_wait(&waitable, &end, 1, RINGBENCH_NEVER) == 0)
		;
	mpmc_end_close(&end);
	return (void *)(uintptr_t)1;
}

static void assert_close_ends(void *(*run)(void *))
{
	pthread_t threads[THREADS];

	for (int i = 0; i < 20; i++) {
		assert_int_equal(mpmc_ring_init(&mpmc, 4), 0);
		waitable_init(&waitable, 4);
		waitable.price_ns = i % 3 ? 0 : RINGBENCH_NS_PER_S;
		start(threads, THREADS, run);
		/* In every second turn the threads have time to fall asleep. */
		if (i % 2)
			usleep(2000);
		waitable_close(&waitable);
		assert_int_equal(sum_of(threads, THREADS), THREADS);
		mpmc_ring_free(&mpmc);
	}
}

static void close_ends_the_waits_of_all_consumers(void **state)
{
	(void)state;
	assert_close_ends(pop_until_closed);
}

static void close_ends_the_waits_of_all_producers(void **state)
{
	(void)state;
	assert_close_ends(push_until_closed);
}

static void *push_one_more(void *arg)
{
	(void)arg;
	spsc_producer_open(&producer, &spsc); /* this end takes over */
	return (void *)(uintptr_t)spsc_push_wait(&waitable, &producer, 9,
						 RINGBENCH_NEVER);
}

static void a_producer_runs_again_below_the_watermark(void **state)
{
	pthread_t thread;
	uint64_t word;

	(void)state;
	make_spsc(64);
	waitable.price_ns = 0;
	for (uint64_t i = 1; i <= 64; i++)
		assert_true(spsc_push(&producer, i));
	start(&thread, 1, push_one_more);
	while (!(ringbench_load_acquire(&waitable.not_full.changed.state) &
		 EVENTCOUNT_SLEEPING))
		usleep(100);
	/* One slot is free, and this consumer never continues. */
	assert_int_equal(spsc_pop_wait(&waitable, &consumer, &word, 0), 0);
	assert_int_equal(sum_of(&thread, 1), 0);
	spsc_ring_free(&spsc);
}

/* Adds 1 for each message that was sent, from several threads. */
static void *send_all(void *arg)
{
	struct mpmc_end end;
	uintptr_t lost = 0;

	(void)arg;
	has_rivals = true;
	mpmc_end_open(&end, &mpmc);
	for (int i = 0; i < MESSAGES && !lost; i++)
		if (mpmc_push_wait(&waitable, &end, 1,
				   ringbench_now_ns() + LOST_NS) != 0)
			lost = 1;
	mpmc_end_close(&end);
	return (void *)lost;
}

static void *receive_all(void *arg)
{
	struct mpmc_end end;
	uintptr_t count = 0;
	uint64_t word;

	(void)arg;
	has_rivals = true;
	mpmc_end_open(&end, &mpmc);
	while (mpmc_pop_wait(&waitable, &end, &word,
			     ringbench_now_ns() + LOST_NS) == 0)
		count++;
	mpmc_end_close(&end);
	return (void *)count;
}

/* Returns true if all messages arrived, and no thread waited for ever. */
static bool passes_all(int producers, int consumers, size_t capacity,
		       int64_t price_ns)
{
	pthread_t senders[THREADS], receivers[THREADS];
	uintptr_t lost, count;

	if (mpmc_ring_init(&mpmc, capacity) != 0)
		return false;
	waitable_init(&waitable, capacity);
	waitable.price_ns = price_ns;
	start(receivers, consumers, receive_all);
	start(senders, producers, send_all);
	lost = sum_of(senders, producers);
	waitable_close(&waitable);
	count = sum_of(receivers, consumers);
	mpmc_ring_free(&mpmc);
	return lost == 0 && count == (uintptr_t)producers * MESSAGES;
}

static void no_wake_up_is_lost_with_one_thread_on_each_side(void **state)
{
	(void)state;
	assert_true(passes_all(1, 1, 2, 0));
	assert_true(passes_all(1, 1, 8, 0));
	assert_true(passes_all(1, 1, 64, 5000));
}

static void no_wake_up_is_lost_with_several_threads(void **state)
{
	(void)state;
	if (ringbench_membarrier_register() != 0)
		skip(); /* mpmc_ring needs membarrier for several threads */
	assert_true(passes_all(2, 2, 2, 0));
	assert_true(passes_all(3, 1, 8, 0));
	assert_true(passes_all(1, 3, 8, 5000));
}

/* After this call, membarrier fails with EPERM in this process. */
static void forbid_membarrier(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(77);
}

static void assert_in_a_child(bool (*check)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		alarm(HANG_SECONDS);
		_exit(check() ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip(); /* seccomp is not available */
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool refused_before(void)
{
	forbid_membarrier();
	if (!passes_all(1, 1, 4, 0))
		return false;
	return waitable.not_empty.changed.state & EVENTCOUNT_REFUSED;
}

static void a_refused_membarrier_loses_no_wake_up(void **state)
{
	(void)state;
	assert_in_a_child(refused_before);
}

static bool refused_after(void)
{
	pthread_t sender;
	uint64_t word = 0;

	make_spsc(4);
	forbid_membarrier();
	waitable.price_ns = 0;
	eventcount_prepare(&waitable.not_empty.changed);
	if (!(waitable.not_empty.changed.state & EVENTCOUNT_REFUSED))
		return false;
	start(&sender, 1, push_one_more);
	if (spsc_pop_wait(&waitable, &consumer, &word,
			  ringbench_now_ns() + LOST_NS) != 0)
		return false;
	return sum_of(&sender, 1) == 0 && word == 9;
}

static void
a_membarrier_refused_later_is_noticed_by_the_first_sleeper(void **state)
{
	(void)state;
	assert_in_a_child(refused_after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deadline_ends_a_pop_and_is_never_early),
		cmocka_unit_test(a_deadline_ends_a_push_and_is_never_early),
		cmocka_unit_test(
			a_deadline_of_0_or_less_is_one_try_without_sleeping),
		cmocka_unit_test(
			a_closed_ring_is_drained_before_the_stream_ends),
		cmocka_unit_test(a_closed_ring_accepts_no_push),
		cmocka_unit_test(close_ends_the_waits_of_all_consumers),
		cmocka_unit_test(close_ends_the_waits_of_all_producers),
		cmocka_unit_test(a_producer_runs_again_below_the_watermark),
		cmocka_unit_test(
			no_wake_up_is_lost_with_one_thread_on_each_side),
		cmocka_unit_test(no_wake_up_is_lost_with_several_threads),
		cmocka_unit_test(a_refused_membarrier_loses_no_wake_up),
		cmocka_unit_test(
			a_membarrier_refused_later_is_noticed_by_the_first_sleeper),
	};

	alarm(HANG_SECONDS);
	return cmocka_run_group_tests_name("waitable", tests, NULL, NULL);
}
