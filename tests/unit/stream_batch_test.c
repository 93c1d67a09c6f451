/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream in batches and with payloads: the real loops on real queues, with and
 * without planted faults.
 */
#include <pthread.h>

#include "stream_batch.h"
#include "verification_rig.h"

enum {
	SENT = 10,
	PASSED = 20000,
};

static void set_up_cell(const char *backend, int batch, int payload,
			const char *more)
{
	char lines[256];

	snprintf(lines, sizeof(lines),
		 "scenario stream\nbackend %s\nwait yield\nbatch %d\n"
		 "payload %d\n%send\n",
		 backend, batch, payload, more);
	set_up(lines);
}

static void send(int number, uint64_t count)
{
	rig.workers[number].limit = count;
	rig.parts[number].loop(&rig.workers[number]);
	assert_int_equal(rig.workers[number].messages, count);
}

/* The messages 1 to 10 that the producer sent. The test changes them before
 * they arrive. */
static uint64_t sent[SENT];

static void keep(void *arg, uint64_t word)
{
	size_t *count = arg;

	assert_true(*count < SENT);
	sent[(*count)++] = word;
}

static void send_and_hold(const char *backend, int batch, int payload)
{
	size_t count = 0;

	set_up_cell(backend, batch, payload, "");
	send(0, SENT);
	rig.backend->drain(&rig.channels[0], keep, &count);
	assert_int_equal(count, SENT);
}

/* `arrived` are the messages that arrive of 1 to 10. The result must not depend
 * on the number of drained messages or on the size of the batches. */
static void assert_arrival(const char *arrived, uint64_t lost,
			   uint64_t repeated, uint64_t reordered)
{
	static const int batches[] = { 1, 2, 3, 16 },
			 payloads[] = { 8, 16, 4096 };
	int length = 0, word, bytes;

	for (const char *c = arrived; sscanf(c, "%d%n", &word, &bytes) == 1;
	     c += bytes)
		length++;
	for (int i = 0; i < 4 * 3 * (length + 1); i++) {
		send_and_hold("mutex", batches[i % 4], payloads[i / 4 % 3]);
		for (const char *c = arrived;
		     sscanf(c, "%d%n", &word, &bytes) == 1; c += bytes)
			feed(sent[word - 1]);
		take(1, (uint64_t)(i / 12));
		verify();
		assert_int_equal(verification.messages + verification.left_over,
				 length);
		assert_verification(lost, repeated, reordered);
	}
}

static void messages_in_order_pass(void **state)
{
	(void)state;
	assert_arrival("1 2 3 4 5 6 7 8 9 10", 0, 0, 0);
}

static void a_lost_message_is_found(void **state)
{
	(void)state;
	assert_arrival("1 2 3 4 6 7 8 9 10", 1, 0, 0);
	assert_arrival("1 2 3 4 5 6 7 8 9", 1, 0, 0);
	assert_arrival("", 10, 0, 0);
}

static void a_repeated_message_is_found(void **state)
{
	(void)state;
	assert_arrival("1 2 3 4 5 5 6 7 8 9 10", 0, 1, 0);
	assert_arrival("1 2 3 4 5 6 7 8 9 10 3", 0, 1, 0);
}

static void swapped_messages_are_found(void **state)
{
	(void)state;
	assert_arrival("1 2 3 5 4 6 7 8 9 10", 0, 0, 1);
}

/* Feeds all ten messages; the address of the fourth is changed by this
 * number. */
static void feed_with_changed_address(uint64_t change)
{
	for (int i = 0; i < SENT; i++)
		feed(i == 3 ? sent[i] ^ change : sent[i]);
}

static void an_address_that_was_not_sent_is_a_loss_and_not_read(void **state)
{
	static const uint64_t changes[] = { UINT64_C(1) << 60, 8, 1 };

	(void)state;
	for (int i = 0; i < 3; i++)
		for (uint64_t taken = 0; taken <= SENT; taken++) {
			send_and_hold("mutex", 4, 64);
			feed_with_changed_address(changes[i]);
			take(1, taken);
			verify();
			assert_verification(1, 0, 0);
		}
}

static void a_changed_payload_is_a_loss_wherever_it_changed(void **state)
{
	static const char *const backends[] = { "mutex", "mutex_lifo" };

	(void)state;
	for (int i = 0; i < 2; i++)
		for (size_t at = 1; at < 8; at++) {
			send_and_hold(backends[i], 4, 64);
			((uint64_t *)(uintptr_t)sent[5])[at] ^= 1;
			for (int n = 0; n < SENT; n++)
				feed(sent[n]);
			take(1, at);
			verify();
			assert_verification(1, 0, 0);
		}
}

static void counts_show_lost_and_repeated_payloads_of_a_stack(void **state)
{
	(void)state;
	send_and_hold("mutex_lifo", 3, 64);
	for (int i = 1; i < SENT; i++)
		feed(sent[i]);
	take(1, 4);
	verify();
	assert_verification(1, 0, 0);
	send_and_hold("mutex_lifo", 3, 64);
	for (int i = -1; i < SENT; i++)
		feed(sent[i < 0 ? 0 : i]);
	take(1, 11);
	verify();
	assert_verification(0, 1, 0);
}

/* A block is written again only after its consumer has returned it. */
static void a_block_in_use_is_skipped(void **state)
{
	struct payload_pool *pool;
	uint64_t word, *block;

	(void)state;
	send_and_hold("mutex", 1, 64);
	pool = rig.workers[0].state;
	/* After one turn through the pool, the block that is still in use is
	 * not written. */
	block = (uint64_t *)(uintptr_t)sent[0];
	for (int i = 1; i < SENT; i++) {
		word = sent[i];
		assert_true(payload_read(pool, &rig.workers[1].order, &word));
		assert_int_equal(word, i + 1);
	}
	pool->next = pool->first;
	rig.workers[0].first = 100;
	send(0, 2);
	assert_int_equal(block[0], 1);
	assert_int_equal(block[7], 8);
	assert_int_equal(*(uint64_t *)(uintptr_t)sent[1], 100);
	assert_int_equal(*(uint64_t *)(uintptr_t)sent[2], 101);
}

static void a_consumer_pushes_surplus_sentinels_back(void **state)
{
	(void)state;
	for (int payload = 8; payload <= 64; payload += 56) {
		set_up_cell("mutex", 16, payload,
			    "consumers 3\nstop sentinel\n");
		send(0, 5);
		for (int i = 0; i < 3; i++)
			feed(WORD_SENTINEL);
		for (int i = 1; i <= 3; i++) {
			rig.workers[i].limit = UINT64_MAX;
			rig.parts[i].loop(&rig.workers[i]);
			assert_true(rig.workers[i].ended);
		}
		assert_int_equal(rig.workers[1].messages, 5);
		verify();
		assert_int_equal(verification.messages, 5);
		assert_verification(0, 0, 0);
		assert_int_equal(verification.left_over, 0);
	}
}

static void *act(void *arg)
{
	int number = *(int *)arg;

	rig.parts[number].loop(&rig.workers[number]);
	return NULL;
}

/* The payload is plain memory, so a race detector notices a missing order. */
static void assert_two_threads(const char *backend, int batch, int payload)
{
	int numbers[] = { 0, 1 };
	pthread_t threads[2];

	set_up_cell(backend, batch, payload, "");
	for (int i = 0; i < 2; i++) {
		rig.workers[i].limit = PASSED;
		assert_int_equal(
			pthread_create(&threads[i], NULL, act, &numbers[i]), 0);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	verify();
	assert_int_equal(verification.messages, PASSED);
	assert_verification(0, 0, 0);
}

static void two_threads_transfer_payloads(void **state)
{
	static const char *const backends[] = { "mutex", "mutex_lifo",
						"skeleton", "vyukov" };

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_two_threads(backends[i], 1, 64);
		assert_two_threads(backends[i], 16, 256);
		assert_two_threads(backends[i], 7, 8);
	}
}

static const char *refused(const char *lines)
{
	FILE *from = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
	static struct fault fault;

	assert_int_not_equal(cell_read(&cell, from, &fault), 0);
	fclose(from);
	return fault.text;
}

static void impossible_cells_are_refused(void **state)
{
	(void)state;
	assert_non_null(strstr(refused("scenario stream\npayload 20\nend\n"),
			       "multiple of 8"));
	assert_non_null(strstr(refused("scenario stream\nbatch 2\n"
				       "produce-every 1ms\nend\n"),
			       "cannot combine --batch"));
	assert_non_null(strstr(refused("scenario stream\nbackend null\n"
				       "payload 16\nend\n"),
			       "keeps no messages"));
	assert_non_null(strstr(refused("scenario stream\npayload 4096\n"
				       "capacity 1048576\nend\n"),
			       "more than 1 GiB"));
	assert_non_null(strstr(refused("scenario pingpong\nbatch 2\nend\n"),
			       "has no --batch"));
}

/* Combinations that need queues outside this build. */
static void impossible_cells_of_other_queues_are_refused(void **state)
{
	char reason[SCENARIO_REASON_MAX];
	struct backend backend;

	(void)state;
	set_up_cell("mutex_lifo", 1, 64, "");
	backend = *cell.choice.backend;
	cell.choice.backend = &backend;
	assert_int_equal(cell_complete(&cell, reason), 0);
	backend.flags |= BACKEND_UNBOUNDED;
	cell.capacity = 0;
	assert_int_not_equal(cell_complete(&cell, reason), 0);
	assert_non_null(strstr(reason, "a stack without a capacity limit"));

	set_up_cell("mutex", 2, 8, "consumers 2\nstop sentinel\n");
	backend = *cell.choice.backend;
	cell.choice.backend = &backend;
	assert_int_equal(cell_complete(&cell, reason), 0);
	backend.flags &= ~(unsigned)BACKEND_MULTI_PRODUCER;
	assert_int_not_equal(cell_complete(&cell, reason), 0);
	assert_non_null(strstr(reason, "pushes one back"));
	cell.choice.backend = rig.backend;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_in_order_pass),
		TEST(a_lost_message_is_found),
		TEST(a_repeated_message_is_found),
		TEST(swapped_messages_are_found),
		TEST(an_address_that_was_not_sent_is_a_loss_and_not_read),
		TEST(a_changed_payload_is_a_loss_wherever_it_changed),
		TEST(counts_show_lost_and_repeated_payloads_of_a_stack),
		TEST(a_block_in_use_is_skipped),
		TEST(a_consumer_pushes_surplus_sentinels_back),
		TEST(two_threads_transfer_payloads),
		TEST(impossible_cells_are_refused),
		TEST(impossible_cells_of_other_queues_are_refused),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
