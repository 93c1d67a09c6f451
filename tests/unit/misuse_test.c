/* SPDX-License-Identifier: BSD-2-Clause */
/* RINGBENCH_CHECK notices each misuse of a queue, and no correct use. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *said;

#define RINGBENCH_CHECK
#define RINGBENCH_MISUSE(text) ((void)(said = (text)))

#include "mpmc_ring.h"
#include "oneshot.h"
#include "scq.h"
#include "spsc_ring.h"

static struct spsc_ring spsc;
static struct mpmc_ring mpmc;
static struct scq scq;

static int reset(void **state)
{
	(void)state;
	said = NULL;
	assert_int_equal(spsc_ring_init(&spsc, 20), 0);
	assert_int_equal(mpmc_ring_init(&mpmc, 20), 0);
	assert_int_equal(scq_init(&scq, 20, 0), 0);
	return 0;
}

static int release(void **state)
{
	(void)state;
	spsc_ring_free(&spsc);
	mpmc_ring_free(&mpmc);
	scq_free(&scq);
	return 0;
}

static void assert_said(const char *part)
{
	assert_non_null(said);
	assert_non_null(strstr(said, part));
	said = NULL;
}

/* Runs the function in another thread and waits for its end. */
static void elsewhere(void *(*function)(void *), void *end)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, function, end), 0);
	pthread_join(thread, NULL);
}

static void *push_to_spsc(void *producer)
{
	spsc_push(producer, 7);
	return NULL;
}

static void *pop_from_spsc(void *consumer)
{
	uint64_t word;

	spsc_pop(consumer, &word);
	return NULL;
}

static void *push_to_mpmc(void *end)
{
	mpmc_push(end, 7);
	return NULL;
}

static void the_word_0_is_noticed(void **state)
{
	const uint64_t words[] = { 1, 0 };
	struct spsc_producer p;
	struct mpmc_end end;

	(void)state;
	spsc_producer_open(&p, &spsc);
	spsc_push(&p, 0);
	assert_said("the word 0");
	spsc_push_bulk(&p, words, 2);
	assert_said("the word 0");
	mpmc_end_open(&end, &mpmc);
	mpmc_push(&end, 0);
	assert_said("the word 0");
	scq_push(&scq, 0); /* here the index is a message */
	assert_null(said);
}

static void a_second_producer_of_an_spsc_ring_is_noticed(void **state)
{
	struct spsc_producer first, second;

	(void)state;
	spsc_producer_open(&first, &spsc);
	spsc_push(&first, 1);
	spsc_producer_open(&second,
			   &spsc); /* allowed: another end takes over */
	spsc_push(&second, 2);
	assert_null(said);
	spsc_push(&first, 3);
	assert_said("two producers");
}

static void a_second_consumer_of_an_spsc_ring_is_noticed(void **state)
{
	struct spsc_consumer first, second;
	uint64_t word;

	(void)state;
	spsc_consumer_open(&first, &spsc);
	spsc_pop(&first, &word);
	spsc_consumer_open(&second, &spsc);
	spsc_pop(&second, &word);
	assert_null(said);
	spsc_pop(&first, &word);
	assert_said("two consumers");
}

static void an_end_that_two_threads_use_is_noticed(void **state)
{
	struct spsc_producer p;
	struct spsc_consumer c;
	struct mpmc_end end;
	uint64_t word;

	(void)state;
	spsc_producer_open(&p, &spsc);
	elsewhere(push_to_spsc,
		  &p); /* allowed: opened in one thread, used in another */
	assert_null(said);
	spsc_push(&p, 1);
	assert_said("two threads");
	spsc_consumer_open(&c, &spsc);
	spsc_pop(&c, &word);
	elsewhere(pop_from_spsc, &c);
	assert_said("two threads");
	mpmc_end_open(&end, &mpmc);
	mpmc_push(&end, 1);
	elsewhere(push_to_mpmc, &end);
	assert_said("two threads");
}

static void an_end_that_was_closed_is_noticed(void **state)
{
	struct mpmc_end end;
	uint64_t word;

	(void)state;
	mpmc_end_open(&end, &mpmc);
	mpmc_push(&end, 1);
	mpmc_end_close(&end);
	assert_null(said);
	mpmc_pop(&end, &word);
	assert_said("closed");
	mpmc_end_close(&end);
	assert_said("closed twice");
	mpmc_end_open(&end, &mpmc);
	mpmc_push(&end, 2);
	assert_null(said);
}

static void more_slots_than_were_reserved_are_noticed(void **state)
{
	struct spsc_producer p;
	struct spsc_consumer c;
	const uint64_t *words;
	uint64_t *slots;

	(void)state;
	spsc_producer_open(&p, &spsc);
	assert_int_equal(spsc_reserve(&p, 100, &slots), 8);
	spsc_filled(&p, 9);
	assert_said("than were reserved");
	spsc_ring_free(&spsc);
	assert_int_equal(spsc_ring_init(&spsc, 20), 0);
	spsc_producer_open(&p, &spsc);
	spsc_consumer_open(&c, &spsc);
	spsc_push(&p, 1);
	assert_int_equal(spsc_peek(&c, &words), 1);
	spsc_read(&c, 2);
	assert_said("than were found");
}

static void more_threads_than_scq_allows_are_noticed(void **state)
{
	(void)state;
	scq.inside = SCQ_THREADS - 1;
	scq_push(&scq, 1);
	assert_null(said);
	scq.inside = SCQ_THREADS;
	scq_push(&scq, 1);
	assert_said("more threads");
}

static void an_event_that_is_set_twice_is_noticed(void **state)
{
	static const enum oneshot_type types[] = { ONESHOT_ON_FUTEX,
						   ONESHOT_ON_COND };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct oneshot event;

		assert_int_equal(oneshot_init(&event, types[i]), 0);
		oneshot_set(&event);
		assert_null(said);
		oneshot_set(&event);
		assert_said("set twice");
		oneshot_destroy(&event);
	}
}

/* A child process has only a copy of the ring or of its slots, so a pop there
 * would return zeros. */
static bool is_noticed_in_a_child(void (*open_an_end)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		said = NULL;
		open_an_end();
		_exit(said && strstr(said, "another process") ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status == 0;
}

static void open_spsc_producer(void)
{
	struct spsc_producer producer;

	spsc_producer_open(&producer, &spsc);
}

static void open_spsc_consumer(void)
{
	struct spsc_consumer consumer;

	spsc_consumer_open(&consumer, &spsc);
}

static void pop_from_a_new_mpmc_end(void)
{
	struct mpmc_end end;
	uint64_t word;

	mpmc_end_open(&end, &mpmc);
	mpmc_pop(&end, &word);
}

static void a_ring_that_is_used_after_a_fork_is_noticed(void **state)
{
	(void)state;
	assert_true(is_noticed_in_a_child(open_spsc_producer));
	assert_true(is_noticed_in_a_child(open_spsc_consumer));
	assert_true(is_noticed_in_a_child(pop_from_a_new_mpmc_end));
	open_spsc_producer();
	assert_null(said);
}

/* This check does not need RINGBENCH_CHECK. */
static void a_queue_that_is_not_aligned_is_refused(void **state)
{
	static char memory[sizeof(struct mpmc_ring) +
			   2 * RINGBENCH_LINE] RINGBENCH_ALIGNED;

	(void)state;
	assert_int_equal(spsc_ring_init((void *)(memory + 16), 20), -EINVAL);
	assert_int_equal(mpmc_ring_init((void *)(memory + 16), 20), -EINVAL);
	assert_int_equal(scq_init((void *)(memory + 64), 20, 0), -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, release)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_word_0_is_noticed),
		TEST(a_second_producer_of_an_spsc_ring_is_noticed),
		TEST(a_second_consumer_of_an_spsc_ring_is_noticed),
		TEST(an_end_that_two_threads_use_is_noticed),
		TEST(an_end_that_was_closed_is_noticed),
		TEST(more_slots_than_were_reserved_are_noticed),
		TEST(more_threads_than_scq_allows_are_noticed),
		TEST(an_event_that_is_set_twice_is_noticed),
		TEST(a_ring_that_is_used_after_a_fork_is_noticed),
		TEST(a_queue_that_is_not_aligned_is_refused),
	};

	alarm(900);
	return cmocka_run_group_tests_name("misuse", tests, NULL, NULL);
}
