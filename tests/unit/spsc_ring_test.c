/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring for one producer and one consumer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_delay.h"

#include "spsc_ring.h"
#include "spsc_start.h"

struct ring_under_test {
	struct spsc_ring ring;
};

struct thread_end {
	struct ring_under_test *of;
	struct spsc_producer producer;
	struct spsc_consumer consumer;
	bool puts;
	bool takes;
};

static void open_end(struct thread_end *end, struct ring_under_test *ring)
{
	memset(end, 0, sizeof(*end));
	end->of = ring;
}

static void close_end(struct thread_end *end)
{
	end->puts = end->takes = false;
}

static bool put(struct thread_end *end, uint64_t word)
{
	if (!end->puts)
		spsc_producer_open(&end->producer, &end->of->ring);
	end->puts = true;
	return spsc_push(&end->producer, word);
}

static bool take(struct thread_end *end, uint64_t *word)
{
	if (!end->takes)
		spsc_consumer_open(&end->consumer, &end->of->ring);
	end->takes = true;
	return spsc_pop(&end->consumer, word);
}

#include "ring_threads.h"

/* Makes a ring as if about `before` messages had been pushed and popped. */
static void make(struct ring_under_test *made, size_t capacity, uint64_t start)
{
	struct spsc_ring *ring = &made->ring;

	assert_int_equal(spsc_ring_init(ring, capacity), 0);
	spsc_start_at(ring, start);
}

static void a_full_ring_returns_its_messages_in_order(void **state)
{
	(void)state;
	EACH(c, ring_capacities) EACH(s, ring_starts)
	{
		struct ring_under_test made;
		struct thread_end end;
		uint64_t sent = 0, got = 0, word;

		make(&made, ring_capacities[c], ring_starts[s]);
		open_end(&end, &made);
		for (int lap = 0; lap < 40; lap++) {
			while (sent - got < ring_capacities[c])
				assert_true(put(&end, ++sent));
			assert_false(put(&end, 999));
			/* Leaves some messages in the ring, so that laps begin
			 * at every position. */
			while (sent - got >
			       (uint64_t)lap % ring_capacities[c]) {
				assert_true(take(&end, &word));
				assert_int_equal(word, ++got);
			}
		}
		while (take(&end, &word))
			assert_int_equal(word, ++got);
		assert_int_equal(got, sent);
		spsc_ring_free(&made.ring);
	}
}

static void a_consumer_finds_every_pushed_message(void **state)
{
	struct ring_under_test made;
	struct thread_end end;
	uint64_t word, number = 0;

	(void)state;
	make(&made, 100, 0);
	open_end(&end, &made);
	/* At every position in a cache line, and after runs of every length. */
	for (uint64_t run = 1; run < 60; run++) {
		for (uint64_t i = 0; i < run; i++)
			assert_true(put(&end, number + i + 1));
		for (uint64_t i = 0; i < run; i++) {
			assert_true(take(&end, &word));
			assert_int_equal(word, ++number);
		}
		assert_false(take(&end, &word));
	}
	spsc_ring_free(&made.ring);
}

static void a_full_ring_accepts_as_many_messages_as_were_popped(void **state)
{
	(void)state;
	EACH(c, ring_capacities)
	{
		size_t capacity = ring_capacities[c];
		struct ring_under_test made;
		struct thread_end end;
		uint64_t word, sent = 0, got = 0;

		make(&made, capacity, 0);
		open_end(&end, &made);
		while (put(&end, sent + 1))
			sent++;
		assert_int_equal(sent, capacity);
		for (size_t n = 1; n <= capacity && n < 30; n++) {
			for (size_t i = 0; i < n; i++) {
				assert_true(take(&end, &word));
				assert_int_equal(word, ++got);
			}
			for (size_t i = 0; i < n; i++)
				assert_true(put(&end, ++sent));
			assert_false(put(&end, 999));
		}
		spsc_ring_free(&made.ring);
	}
}

/* Up to `most` pushes by one thread, then more pops by another one. */
static void change_threads(size_t capacity, uint64_t most, uint64_t times)
{
	struct ring_under_test made;
	uint64_t word, sent = 0, got = 0;

	make(&made, capacity, 0);
	for (uint64_t i = 0; i < times; i++) {
		struct thread_end end;

		open_end(&end, &made);
		for (uint64_t k = 0; k < i % most; k++)
			sent += put(&end, sent + 1);
		close_end(&end);
		open_end(&end, &made);
		for (uint64_t k = 0; k < i % (most + 2) && take(&end, &word);
		     k++)
			assert_int_equal(word, ++got);
		close_end(&end);
	}
	assert_true(got > times * most / 3);
	spsc_ring_free(&made.ring);
}

static void ends_can_be_closed_and_opened_at_any_position(void **state)
{
	(void)state;
	change_threads(20, 5, 500);
	change_threads(SPSC_ORDERED + 1, 5, 5000);
	change_threads(SPSC_ORDERED + 1, 700, 3000);
}

/* Passes messages with a small backlog. Returns how many groups were used. */
static size_t groups_of_a_small_backlog(struct spsc_ring *ring,
					struct thread_end *end)
{
	size_t groups = (size_t)(ring->end - ring->slots) / ring->group;
	bool used[1000] = { false };
	uint64_t word;
	size_t found = 0;

	assert_true(groups < sizeof(used));
	for (int i = 0; i < 20000; i++) {
		for (int k = 0; k < 10; k++)
			assert_true(put(end, 1));
		used[(size_t)(ring->tail_group - ring->slots) / ring->group] =
			true;
		for (int k = 0; k < 10; k++)
			assert_true(take(end, &word));
	}
	for (size_t i = 0; i < groups; i++)
		found += used[i];
	return found;
}

static void
a_large_ring_uses_few_groups_while_the_consumer_keeps_up(void **state)
{
	struct ring_under_test made;
	struct thread_end end;
	uint64_t word, sent = 0;

	(void)state;
	make(&made, 100000, 0);
	open_end(&end, &made);
	assert_true(groups_of_a_small_backlog(&made.ring, &end) <= 4);
	/* A backlog needs all groups, and no more than there are. */
	while (put(&end, 1))
		sent++;
	assert_int_equal(sent, 100000);
	assert_true(made.ring.unused <= made.ring.end);
	while (take(&end, &word))
		sent--;
	assert_int_equal(sent, 0);
	/* After it, the groups become spare, one for each group in use. */
	groups_of_a_small_backlog(&made.ring, &end);
	assert_true(groups_of_a_small_backlog(&made.ring, &end) <= 4);
	spsc_ring_free(&made.ring);
}

/* mpmc_ring.h does this: while one consumer pops its last message, another one
 * begins where the first was, and reads everything. */
static void
a_second_reader_keeps_the_group_that_the_first_one_leaves(void **state)
{
	struct ring_under_test made;
	struct spsc_consumer second;
	struct thread_end end;
	uint64_t messages, word;

	(void)state;
	make(&made, SPSC_ORDERED + 500, 0);
	messages = spsc_messages(&made.ring);
	open_end(&end, &made);
	for (uint64_t i = 1; i <= 5 * messages; i++)
		assert_true(put(&end, i));
	for (uint64_t i = 1; i <= messages; i++)
		assert_true(take(&end, &word));
	spsc_consumer_start(&second, &made.ring);
	assert_true(take(&end, &word));
	assert_true(put(&end, 5 * messages + 1)); /* begins a group */
	for (uint64_t i = messages + 1; i <= 5 * messages + 1; i++) {
		assert_true(spsc_pop(&second, &word));
		assert_int_equal(word, i);
	}
	assert_false(spsc_pop(&second, &word));
	spsc_ring_free(&made.ring);
}

/* The producer knows only an old `head` while it fills the ring. */
static void the_groups_suffice_for_every_position_of_the_consumer(void **state)
{
	(void)state;
	for (size_t capacity = SPSC_ORDERED + 1; capacity < 1800;
	     capacity += 61) {
		struct ring_under_test made;
		struct thread_end end;
		uint64_t sent = 0, got = 0, word;

		make(&made, capacity, 0);
		open_end(&end, &made);
		for (int i = 0; i < 1000; i++) {
			while (put(&end, sent + 1))
				sent++;
			assert_int_equal(sent - got, capacity);
			assert_true(made.ring.unused <= made.ring.end);
			for (int k = 0; k < i % 300; k++) {
				assert_true(take(&end, &word));
				assert_int_equal(word, ++got);
			}
		}
		spsc_ring_free(&made.ring);
	}
}

static void bulk_pushes_what_fits_and_pops_what_exists(void **state)
{
	uint64_t words[300], taken[300];

	(void)state;
	EACH(c, ring_capacities) EACH(s, ring_starts)
	{
		struct ring_under_test made;
		struct spsc_producer producer;
		struct spsc_consumer consumer;
		uint64_t sent = 0, got = 0;

		make(&made, ring_capacities[c], ring_starts[s]);
		spsc_producer_open(&producer, &made.ring);
		spsc_consumer_open(&consumer, &made.ring);
		for (size_t count = 0; count < 300; count += 7) {
			size_t room = ring_capacities[c] - (sent - got);
			size_t put_now, taken_now, wanted = count / 2 + 1;

			for (size_t i = 0; i < count; i++)
				words[i] = sent + i + 1;
			put_now = spsc_push_bulk(&producer, words, count);
			assert_int_equal(put_now, count < room ? count : room);
			sent += put_now;
			taken_now = spsc_pop_bulk(&consumer, taken, wanted);
			assert_int_equal(taken_now, wanted < sent - got
							    ? wanted
							    : sent - got);
			for (size_t i = 0; i < taken_now; i++)
				assert_int_equal(taken[i], ++got);
		}
		spsc_ring_free(&made.ring);
	}
}

/* A thread that pushes 1 to `most` in batches of all sizes, some of them word
 * by word. */
struct batches {
	struct spsc_ring *ring;
	uint64_t most;
};

static void *push_batches(void *arg)
{
	const struct batches *batches = arg;
	struct spsc_producer producer;
	uint64_t words[100], sent = 0;

	spsc_producer_open(&producer, batches->ring);
	for (size_t size = 1; sent < batches->most; size = size % 95 + 5) {
		size_t count = 0, put;

		while (count < size && sent + count < batches->most) {
			words[count] = sent + count + 1;
			count++;
		}
		put = size % 3 ? spsc_push_bulk(&producer, words, count)
			       : spsc_push(&producer, words[0]);
		sent += put;
		if (put == 0)
			sched_yield();
	}
	return NULL;
}

static void mixed_batches_and_single_words_stay_in_order(void **state)
{
	(void)state;
	EACH(c, ring_capacities) EACH(s, ring_starts)
	{
		struct ring_under_test made;
		struct batches batches = { &made.ring, 5000 };
		struct spsc_consumer consumer;
		uint64_t words[100], got = 0;
		pthread_t thread;

		make(&made, ring_capacities[c], ring_starts[s]);
		spsc_consumer_open(&consumer, &made.ring);
		pthread_create(&thread, NULL, push_batches, &batches);
		for (size_t size = 1; got < batches.most;
		     size = size % 89 + 3) {
			size_t count = size % 2 ? spsc_pop_bulk(&consumer,
								words, size)
						: spsc_pop(&consumer, words);

			for (size_t i = 0; i < count; i++)
				assert_int_equal(words[i], ++got);
			if (count == 0)
				sched_yield();
		}
		pthread_join(thread, NULL);
		assert_false(spsc_pop(&consumer, words));
		spsc_ring_free(&made.ring);
	}
}

static void slots_can_be_filled_and_read_in_place(void **state)
{
	struct ring_under_test made;
	struct spsc_producer producer;
	struct spsc_consumer consumer;
	uint64_t sent = 0, got = 0, *slots;
	const uint64_t *words;

	(void)state;
	make(&made, 50, 0);
	spsc_producer_open(&producer, &made.ring);
	spsc_consumer_open(&consumer, &made.ring);
	for (size_t i = 0; i < 1000; i++) {
		size_t n = spsc_reserve(&producer, i % 10, &slots);

		assert_true(n <= i % 10);
		n = n > 1 ? n - i % 2
			  : n; /* uses fewer slots than it reserved */
		for (size_t k = 0; k < n; k++)
			ringbench_store_release(&slots[k], sent + k + 1);
		spsc_filled(&producer, n);
		sent += n;
		n = spsc_peek(&consumer, &words);
		n = n > 1 ? n - i % 2
			  : n; /* pops fewer messages than there are */
		for (size_t k = 0; k < n; k++)
			assert_int_equal(words[k], ++got);
		spsc_read(&consumer, n);
	}
	assert_true(got > 1000);
	spsc_ring_free(&made.ring);
}

static void two_threads_lose_no_message_at_any_capacity(void **state)
{
	(void)state;
	EACH(c, ring_capacities)
	{
		struct ring_under_test made;

		make(&made, ring_capacities[c],
		     ring_starts[c % (sizeof(ring_starts) / 8)]);
		exchange(&made, 1, 1);
		spsc_ring_free(&made.ring);
	}
}

/* Any thread may call it at any time. */
static void size_is_the_number_of_messages(void **state)
{
	(void)state;
	/* Numbers do not pass 2^64, because a number then no longer matches its
	 * slot. */
	EACH(c, ring_capacities) for (int s = 0; s < 5; s++)
	{
		struct ring_under_test made;
		struct spsc_producer producer;
		struct spsc_consumer consumer;
		size_t size = 0;
		uint64_t word;

		make(&made, ring_capacities[c], ring_starts[s]);
		spsc_producer_open(&producer, &made.ring);
		spsc_consumer_open(&consumer, &made.ring);
		for (int lap = 0; lap < 3; lap++) {
			do
				assert_int_equal(spsc_size(&made.ring), size);
			while (spsc_push(&producer, 1) && ++size);
			assert_int_equal(size, ring_capacities[c]);
			do
				assert_int_equal(spsc_size(&made.ring), size);
			while (spsc_pop(&consumer, &word) && size--);
			assert_int_equal(size, 0);
		}
		spsc_ring_free(&made.ring);
	}
}

static void impossible_capacities_are_refused(void **state)
{
	struct spsc_ring ring;

	(void)state;
	assert_int_equal(spsc_ring_init(&ring, 0), -EINVAL);
	assert_int_equal(spsc_ring_init(&ring, SIZE_MAX), -EINVAL);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_full_ring_returns_its_messages_in_order),
		TEST(a_consumer_finds_every_pushed_message),
		TEST(a_full_ring_accepts_as_many_messages_as_were_popped),
		TEST(ends_can_be_closed_and_opened_at_any_position),
		TEST(a_large_ring_uses_few_groups_while_the_consumer_keeps_up),
		TEST(a_second_reader_keeps_the_group_that_the_first_one_leaves),
		TEST(the_groups_suffice_for_every_position_of_the_consumer),
		TEST(bulk_pushes_what_fits_and_pops_what_exists),
		TEST(mixed_batches_and_single_words_stay_in_order),
		TEST(slots_can_be_filled_and_read_in_place),
		TEST(two_threads_lose_no_message_at_any_capacity),
		TEST(size_is_the_number_of_messages),
		TEST(impossible_capacities_are_refused),
	};

	alarm(900);
	return cmocka_run_group_tests_name("spsc_ring", tests, NULL, NULL);
}
