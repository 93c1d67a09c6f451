/* SPDX-License-Identifier: BSD-2-Clause */
/* mpmc_ring: first for two threads, then for several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_delay.h"

#include "mpmc_ring.h"
#include "spsc_start.h"

struct ring_under_test {
	struct mpmc_ring ring;
};

struct thread_end {
	struct mpmc_end end;
};

static void open_end(struct thread_end *end, struct ring_under_test *ring)
{
	mpmc_end_open(&end->end, &ring->ring);
}

static void close_end(struct thread_end *end)
{
	mpmc_end_close(&end->end);
}

static bool put(struct thread_end *end, uint64_t word)
{
	return mpmc_push(&end->end, word);
}

static bool take(struct thread_end *end, uint64_t *word)
{
	return mpmc_pop(&end->end, word);
}

#include "ring_threads.h"

/* Makes a ring as if about `before` messages had been pushed and popped, in
 * either phase. */
static void make(struct ring_under_test *made, size_t capacity, uint64_t start)
{
	struct mpmc_ring *ring = &made->ring;
	uint64_t lap;

	assert_int_equal(mpmc_ring_init(ring, capacity), 0);
	assert_true(mpmc_ring_capacity(ring) >= capacity);
	lap = start & ~ring->many.mask;
	for (uint64_t i = 0; i <= ring->many.mask; i++)
		ring->many.slots[i].turn = lap + i;
	ring->many.push_next = ring->many.pop_next = lap;
	spsc_start_at(&ring->spsc, start);
}

static void there_and_back(struct ring_under_test *made, bool many)
{
	uint64_t usable = mpmc_ring_capacity(&made->ring);
	struct thread_end end;
	uint64_t sent = 0, got = 0, word;

	open_end(&end, made);
	for (uint64_t lap = 0; lap < 40; lap++) {
		while (sent - got < usable)
			assert_true(put(&end, ++sent));
		assert_false(put(&end, 999));
		while (sent - got > lap % usable) {
			assert_true(take(&end, &word));
			assert_int_equal(word, ++got);
		}
	}
	while (take(&end, &word))
		assert_int_equal(word, ++got);
	assert_true(mpmc_is_empty(&end.end));
	assert_int_equal(got, sent);
	assert_int_equal(made->ring.phase == MPMC_PHASE_MPMC, many);
	close_end(&end);
}

static void a_full_ring_returns_its_messages_in_order(void **state)
{
	(void)state;
	EACH(c, ring_capacities) EACH(s, ring_starts)
	{
		struct ring_under_test made;

		make(&made, ring_capacities[c], ring_starts[s]);
		there_and_back(&made, false);
		mpmc_ring_free(&made.ring);

		make(&made, ring_capacities[c], ring_starts[s]);
		made.ring.phase =
			MPMC_PHASE_MPMC; /* membarrier is not available */
		there_and_back(&made, true);
		mpmc_ring_free(&made.ring);
	}
}

/*
 * The change of phase with any number of messages in the ring, at any position,
 * by a second producer or a second consumer. Afterwards both threads continue.
 */
static void change_with(uint64_t before, uint64_t inside, bool by_producer)
{
	struct ring_under_test made;
	struct thread_end one, other;
	uint64_t sent = 0, got = 0, word;

	make(&made, 20, 0);
	open_end(&one, &made);
	open_end(&other, &made);
	for (uint64_t i = 0; i < before; i++) {
		assert_true(put(&one, ++sent));
		assert_true(take(&one, &word));
		assert_int_equal(word, ++got);
	}
	for (uint64_t i = 0; i < inside; i++)
		assert_true(put(&one, ++sent));
	assert_int_equal(made.ring.phase, MPMC_PHASE_SPSC);
	if (by_producer)
		assert_true(put(&other, ++sent));
	else if (take(&other, &word))
		assert_int_equal(word, ++got);
	assert_int_equal(made.ring.phase, MPMC_PHASE_MPMC);
	assert_true(put(&one, ++sent));
	while (take(&one, &word))
		assert_int_equal(word, ++got);
	assert_int_equal(got, sent);
	assert_true(put(&other, ++sent));
	assert_true(take(&one, &word));
	assert_int_equal(word, sent);
	close_end(&one);
	close_end(&other);
	mpmc_ring_free(&made.ring);
}

static void the_change_moves_all_messages(void **state)
{
	(void)state;
	for (uint64_t before = 1; before < 90; before++)
		for (uint64_t inside = 0; inside < 20; inside++) {
			change_with(before, inside, true);
			change_with(before, inside, false);
		}
}

/*
 * The operations of the first producer and the first consumer that the change
 * interrupts: the first half of mpmc_push() or of mpmc_pop(). It runs after
 * this number of messages has been moved.
 */
static struct {
	struct mpmc_end *one;
	uint64_t after;
	uint64_t word; /* to push */
	bool popped;
	bool pushed;
} in_flight;

static void halves_in_flight(void)
{
	uint64_t word;

	if (in_flight.after-- != 0)
		return;
	meanwhile = NULL; /* prevents a recursive call */
	in_flight.popped = spsc_pop(&in_flight.one->consumer, &word);
	in_flight.pushed = spsc_push(&in_flight.one->producer, in_flight.word);
}

/* Changes the phase of a ring with `inside` messages, after `before` earlier
 * messages. */
static void change_in_the_midst(struct ring_under_test *made, uint64_t before,
				uint64_t inside, uint64_t after)
{
	struct thread_end one, other;
	uint64_t got, last = before + inside, word;

	open_end(&one, made);
	open_end(&other, made);
	for (uint64_t i = 1; i <= before; i++) {
		assert_true(put(&one, i));
		assert_true(take(&one, &word));
	}
	for (uint64_t i = 1; i <= inside; i++)
		assert_true(put(&one, before + i));
	in_flight.one = &one.end;
	in_flight.after = after;
	in_flight.word = last + 1;
	meanwhile = halves_in_flight;
	mpmc_enter_to_pop(&other.end);
	meanwhile = NULL;
	assert_int_equal(made->ring.phase, MPMC_PHASE_MPMC);
	assert_true(in_flight.popped && in_flight.pushed);
	/* The interrupted pop has no effect. The interrupted push has an effect
	 * if its message was moved. */
	assert_int_equal(made->ring.moved_from, before);
	assert_int_equal(one.end.consumer.taken, before + 1);
	if (inside < mpmc_ring_capacity(&made->ring))
		last++;
	assert_int_equal(made->ring.moved_to, last);
	assert_int_equal(spsc_next(&one.end.producer), before + inside + 1);
	for (got = before + 1; take(&other, &word); got++)
		assert_int_equal(word, got);
	assert_int_equal(got, last + 1);
	close_end(&one);
	close_end(&other);
}

static void
a_change_in_the_midst_of_a_pop_and_a_push_loses_nothing(void **state)
{
	static const size_t capacities[] = { 2, 4, 8, 32 };

	(void)state;
	EACH(c, capacities)
	for (uint64_t before = 1; before < 90; before += 7)
		for (uint64_t after = 0; after < capacities[c]; after++)
			for (uint64_t inside = after + 1;
			     inside <= capacities[c]; inside++) {
				struct ring_under_test made;

				make(&made, capacities[c], 0);
				change_in_the_midst(&made, before, inside,
						    after);
				mpmc_ring_free(&made.ring);
			}
}

static void threads_one_after_the_other_do_not_cause_the_change(void **state)
{
	struct ring_under_test made;
	uint64_t word, number = 0;

	(void)state;
	make(&made, 20, 0);
	for (int i = 0; i < 100; i++) {
		struct thread_end end;

		open_end(&end, &made);
		assert_true(put(&end, ++number));
		close_end(&end);
		open_end(&end, &made);
		assert_true(take(&end, &word));
		assert_int_equal(word, number);
		close_end(&end);
	}
	assert_int_equal(made.ring.phase, MPMC_PHASE_SPSC);
	mpmc_ring_free(&made.ring);
}

static void threads_lose_no_message_at_any_capacity(void **state)
{
	static const int crews[][2] = {
		{ 1, 1 }, { 2, 2 }, { 3, 1 }, { 1, 3 }
	};

	(void)state;
	EACH(c, ring_capacities)
	{
		struct ring_under_test made;

		/* Numbers do not pass 2^64, because a number then no longer
		 * matches its slot. */
		make(&made, ring_capacities[c], ring_starts[c % 5]);
		exchange(&made, crews[c % 4][0], crews[c % 4][1]);
		mpmc_ring_free(&made.ring);
	}
}

/* A thread that pops until it has received the last of `most` messages. */
struct stream {
	struct ring_under_test *ring;
	uint64_t most;
	uint64_t sum;
	bool in_order;
};

static void *push_stream(void *arg)
{
	struct stream *stream = arg;
	struct thread_end end;

	has_rivals = true;
	open_end(&end, stream->ring);
	for (uint64_t i = 1; i <= stream->most; i++)
		while (!put(&end, i))
			sched_yield();
	close_end(&end);
	return NULL;
}

static void *pop_stream(void *arg)
{
	struct stream *stream = arg;
	struct thread_end end;
	uint64_t word, last = 0;

	has_rivals = true;
	open_end(&end, stream->ring);
	stream->in_order = true;
	while (last < stream->most) {
		if (!take(&end, &word)) {
			sched_yield();
			continue;
		}
		stream->in_order &= word == last + 1;
		last = word;
		stream->sum += word;
	}
	close_end(&end);
	return NULL;
}

/* A third thread causes the change while two threads push and pop; repeated
 * many times. */
static void the_change_loses_no_message_of_running_threads(void **state)
{
	enum {
		TIMES = 300,
		MESSAGES = 3000,
	};

	(void)state;
	for (int i = 0; i < TIMES; i++) {
		struct ring_under_test made;
		struct stream stream = { &made, MESSAGES, 0, false };
		pthread_t pusher, popper;
		struct thread_end third;

		make(&made, 30, 0);
		pthread_create(&pusher, NULL, push_stream, &stream);
		pthread_create(&popper, NULL, pop_stream, &stream);
		for (int k = 0; k < i * 20; k++)
			ringbench_pause();
		/* Opens a second producer or consumer that does nothing. */
		open_end(&third, &made);
		if (i % 2)
			mpmc_enter_to_push(&third.end);
		else
			mpmc_enter_to_pop(&third.end);
		pthread_join(pusher, NULL);
		pthread_join(popper, NULL);
		close_end(&third);
		assert_true(stream.in_order);
		assert_int_equal(stream.sum,
				 (uint64_t)MESSAGES * (MESSAGES + 1) / 2);
		mpmc_ring_free(&made.ring);
	}
}

static void monitoring_by_a_third_thread_does_not_cause_the_change(void **state)
{
	(void)state;
	EACH(c, ring_capacities) for (int shared = 0; shared < 2; shared++)
	{
		struct ring_under_test made;
		struct thread_end end;
		size_t size = 0;
		uint64_t word;

		make(&made, ring_capacities[c], 0);
		if (shared)
			made.ring.phase = MPMC_PHASE_MPMC;
		open_end(&end, &made);
		do
			assert_int_equal(mpmc_size(&made.ring), size);
		while (put(&end, 1) && ++size);
		assert_int_equal(size, mpmc_ring_capacity(&made.ring));
		do
			assert_int_equal(mpmc_size(&made.ring), size);
		while (take(&end, &word) && size--);
		assert_int_equal(made.ring.phase,
				 shared ? MPMC_PHASE_MPMC : MPMC_PHASE_SPSC);
		close_end(&end);
		mpmc_ring_free(&made.ring);
	}
}

/* After this call, membarrier fails with EPERM in this process. */
static void forbid_membarrier(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(77);
}

/* Returns the number of the first step that failed, or 0. */
static int use_forbidden_membarrier(void)
{
	struct ring_under_test made;
	struct thread_end one, other;
	uint64_t word;

	make(&made, 20, 0);
	open_end(&one, &made);
	open_end(&other, &made);
	if (!put(&one, 1))
		return 1;
	forbid_membarrier();
	if (put(&other, 2) || mpmc_end_error(&other.end) != -EPERM)
		return 2;
	/* The first producer keeps its side. */
	if (!put(&one, 3) || mpmc_end_error(&one.end) != 0)
		return 3;
	/* The other side accepts one thread, too. */
	if (!take(&other, &word) || word != 1 || mpmc_end_error(&other.end))
		return 4;
	if (take(&one, &word) || mpmc_end_error(&one.end) != -EPERM)
		return 5;
	/* After the first thread has closed its end, its side is free. */
	close_end(&one);
	if (!put(&other, 4) || mpmc_end_error(&other.end) != 0)
		return 6;
	if (!take(&other, &word) || word != 3 || !take(&other, &word) ||
	    word != 4)
		return 7;
	close_end(&other);
	mpmc_ring_free(&made.ring);
	/* A ring that is created here starts in the phase MPMC. */
	make(&made, 20, 0);
	if (made.ring.phase != MPMC_PHASE_MPMC)
		return 8;
	mpmc_ring_free(&made.ring);
	return 0;
}

static void
a_membarrier_forbidden_after_init_is_an_error_of_an_end(void **state)
{
	pid_t child;
	int status;

	(void)state;
	child = fork();
	if (child == 0)
		_exit(use_forbidden_membarrier());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip(); /* seccomp is not available */
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void impossible_capacities_are_refused(void **state)
{
	struct mpmc_ring ring;

	(void)state;
	assert_int_equal(mpmc_ring_init(&ring, 0), -EINVAL);
	assert_int_equal(mpmc_ring_init(&ring, SIZE_MAX), -EINVAL);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_full_ring_returns_its_messages_in_order),
		TEST(the_change_moves_all_messages),
		TEST(a_change_in_the_midst_of_a_pop_and_a_push_loses_nothing),
		TEST(threads_one_after_the_other_do_not_cause_the_change),
		TEST(threads_lose_no_message_at_any_capacity),
		TEST(the_change_loses_no_message_of_running_threads),
		TEST(monitoring_by_a_third_thread_does_not_cause_the_change),
		TEST(a_membarrier_forbidden_after_init_is_an_error_of_an_end),
		TEST(impossible_capacities_are_refused),
	};

	alarm(900);
	return cmocka_run_group_tests_name("mpmc_ring", tests, NULL, NULL);
}
