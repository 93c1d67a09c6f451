/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring of values: values of any size, in memory of the caller, and between
 * two processes. One process is killed at each TEST_DELAY of an operation. No
 * result depends on time.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void delay(void);
#define RINGBENCH_TEST_DELAY() delay()
static void misuse(const char *text);
#define RINGBENCH_MISUSE(text) misuse(text)
#define RINGBENCH_CHECK

#include "ringbench_shared_memory.h"
#include "spsc_value_types.h"

static int kill_at; /* the process is killed at this delay; 0: never */
static const char *noticed;
static jmp_buf after_misuse;

static void delay(void)
{
	if (kill_at && --kill_at == 0)
		raise(SIGKILL);
}

static void misuse(const char *text)
{
	noticed = text;
	longjmp(after_misuse, 1);
}

struct sample {
	uint64_t number;
	char text[19];
};

SPSC_VALUE_RING_TYPE(samples, struct sample);

struct ends {
	struct spsc_value_ring *ring;
	struct spsc_value_producer producer;
	struct spsc_value_consumer consumer;
};

static void open_ends(struct ends *ends, size_t capacity, size_t size)
{
	ends->ring = spsc_value_ring_new(capacity, size);
	assert_non_null(ends->ring);
	spsc_value_producer_open(&ends->producer, ends->ring);
	spsc_value_consumer_open(&ends->consumer, ends->ring);
}

static void each_size_transfers_all_values_and_holds_its_capacity(void **state)
{
	unsigned char in[300], out[300];
	struct ends ends;

	(void)state;
	for (size_t size = 1; size <= sizeof(in); size += size < 70 ? 1 : 23)
		for (size_t capacity = 1; capacity <= 20; capacity++) {
			open_ends(&ends, capacity, size);
			for (unsigned lap = 0; lap < 5; lap++) {
				for (size_t i = 0; i < capacity; i++) {
					memset(in, (int)(lap * i), size);
					assert_true(spsc_value_push(
						&ends.producer, in, size));
				}
				assert_false(spsc_value_push(&ends.producer, in,
							     size));
				assert_int_equal(spsc_value_size(ends.ring),
						 capacity);
				for (size_t i = 0; i < capacity; i++) {
					memset(in, (int)(lap * i), size);
					assert_true(spsc_value_pop(
						&ends.consumer, out, size));
					assert_memory_equal(in, out, size);
				}
				assert_false(spsc_value_pop(&ends.consumer, out,
							    size));
			}
			spsc_value_ring_free(ends.ring);
		}
}

static void a_type_is_passed_in_place_and_in_bulk(void **state)
{
	struct sample in[50], out[50], *places;
	const struct sample *found;
	struct ends ends;
	size_t n;

	(void)state;
	open_ends(&ends, 40, sizeof(struct sample));
	for (uint64_t i = 0; i < 50; i++)
		in[i] = (struct sample){ .number = i };
	for (int lap = 0; lap < 30; lap++) {
		assert_true((n = samples_reserve(&ends.producer, 3, &places)) >=
			    1);
		for (size_t i = 0; i < n; i++)
			places[i] = (struct sample){ .number = i + 100 };
		assert_int_equal(samples_peek(&ends.consumer, &found), 0);
		samples_commit(&ends.producer, n);
		assert_int_equal(samples_push_bulk(&ends.producer, in, 50),
				 40 - n);
		for (size_t i = 0; i < n; i++) {
			assert_true(samples_peek(&ends.consumer, &found) >= 1);
			assert_int_equal(found->number, i + 100);
			samples_release(&ends.consumer, 1);
		}
		assert_int_equal(samples_pop_bulk(&ends.consumer, out, 7), 7);
		assert_int_equal(samples_pop_bulk(&ends.consumer, out + 7, 50),
				 33 - n);
		for (size_t i = 0; i < 40 - n; i++)
			assert_int_equal(out[i].number, i);
		assert_true(samples_push(&ends.producer, &in[0]));
		assert_true(samples_pop(&ends.consumer, &out[0]));
		assert_true(spsc_value_is_empty(&ends.consumer,
						sizeof(struct sample)));
	}
	spsc_value_ring_free(ends.ring);
}

static void unsuitable_memory_is_refused(void **state)
{
	static char memory[SPSC_VALUE_RING_BYTES(10, 24)] RINGBENCH_ALIGNED;
	struct spsc_value_ring *ring = (void *)memory;
	struct spsc_value_ring *askew = (void *)(memory + 8);
	size_t bytes = sizeof(memory);

	(void)state;
	assert_null(spsc_value_ring_at(
		memory, bytes, 24)); /* the memory contains no ring yet */
	assert_int_equal(spsc_value_ring_init(ring, bytes, 0, 24), -EINVAL);
	assert_int_equal(spsc_value_ring_init(ring, bytes, 10, 0), -EINVAL);
	assert_int_equal(spsc_value_ring_init(askew, bytes - 8, 1, 24),
			 -EINVAL);
	assert_int_equal(spsc_value_ring_init(ring, bytes - 1, 10, 24),
			 -ENOSPC);
	assert_int_equal(spsc_value_ring_init(ring, bytes, SIZE_MAX / 16, 24),
			 -ENOSPC);
	assert_int_equal(spsc_value_ring_init(ring, bytes, 10, 24), 0);
	assert_ptr_equal(spsc_value_ring_at(memory, bytes, 24), ring);
	assert_null(spsc_value_ring_at(memory, bytes, 16));
	assert_null(spsc_value_ring_at(memory, bytes - 1, 24));
	assert_null(spsc_value_ring_at(memory, 8, 24));
	assert_null(spsc_value_ring_new(SIZE_MAX / 4, 24));
	assert_null(spsc_value_ring_new(0, 24));
	assert_null(spsc_value_ring_new(1, 0));
}

static void a_ring_works_at_another_address(void **state)
{
	static char here[SPSC_VALUE_RING_BYTES(10, 8)] RINGBENCH_ALIGNED;
	static char there[sizeof(here)] RINGBENCH_ALIGNED;
	struct ends ends = { .ring = (void *)here };
	uint64_t word = 0;

	(void)state;
	assert_int_equal(spsc_value_ring_init(ends.ring, sizeof(here), 10, 8),
			 0);
	spsc_value_producer_open(&ends.producer, ends.ring);
	for (word = 0; word < 10; word++)
		assert_true(spsc_value_push(&ends.producer, &word, 8));
	memcpy(there, here, sizeof(here));
	memset(here, 0, sizeof(here));
	ends.ring = (void *)there;
	assert_ptr_equal(spsc_value_ring_at(there, sizeof(there), 8),
			 ends.ring);
	spsc_value_consumer_open(&ends.consumer, ends.ring);
	for (uint64_t i = 0; i < 10; i++) {
		assert_true(spsc_value_pop(&ends.consumer, &word, 8));
		assert_int_equal(word, i);
	}
}

enum {
	STREAMED = 200000,
};

static void fill(uint64_t message[4], uint64_t number)
{
	for (uint64_t i = 0; i < 4; i++)
		message[i] = number + i;
}

static void *produce(void *arg)
{
	struct spsc_value_producer producer;
	uint64_t message[4];

	spsc_value_producer_open(&producer, arg);
	for (uint64_t n = 0; n < STREAMED; n++) {
		fill(message, n);
		while (!spsc_value_push(&producer, message, sizeof(message)))
			ringbench_pause();
	}
	return NULL;
}

/* Pops all messages. Returns false if a message does not have the expected
 * number. */
static bool consume_all(struct spsc_value_ring *ring)
{
	struct spsc_value_consumer consumer;
	uint64_t message[4], expected[4];

	spsc_value_consumer_open(&consumer, ring);
	for (uint64_t n = 0; n < STREAMED; n++) {
		while (!spsc_value_pop(&consumer, message, sizeof(message)))
			ringbench_pause();
		fill(expected, n);
		if (memcmp(message, expected, sizeof(message)) != 0)
			return false;
	}
	return true;
}

static void two_threads_transfer_complete_messages_in_order(void **state)
{
	static const size_t capacities[] = { 1, 2, 63, 1000 };
	pthread_t thread;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct spsc_value_ring *ring = spsc_value_ring_new(
			capacities[i], 32);

		pthread_create(&thread, NULL, produce, ring);
		assert_true(consume_all(ring));
		pthread_join(thread, NULL);
		spsc_value_ring_free(ring);
	}
}

static struct spsc_value_ring *shared_ring(size_t bytes, size_t capacity)
{
	struct spsc_value_ring *ring = ringbench_alloc_shared(bytes);

	assert_non_null(ring);
	assert_int_equal(spsc_value_ring_init(ring, bytes, capacity, 32), 0);
	return ring;
}

static void two_processes_transfer_complete_messages_in_order(void **state)
{
	const size_t bytes = SPSC_VALUE_RING_BYTES(100, 32);
	struct spsc_value_ring *ring = shared_ring(bytes, 100);
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		produce(ring);
		_exit(0);
	}
	assert_true(consume_all(ring));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	ringbench_free_shared(ring, bytes);
}

/*
 * The ring contains three messages. A process is killed at the delay `at` of a
 * push of message 3 or of a pop of message 0. Returns false if the operation
 * has fewer delays.
 */
static bool killed_at(struct spsc_value_ring *ring, bool pushes, int at)
{
	struct spsc_value_producer producer;
	struct spsc_value_consumer consumer;
	uint64_t message[4];
	pid_t child;
	int status;

	spsc_value_producer_open(&producer, ring);
	for (uint64_t n = 0; n < 3; n++) {
		fill(message, n);
		assert_true(spsc_value_push(&producer, message, 32));
	}
	child = fork();
	if (child == 0) {
		kill_at = at;
		fill(message, 3);
		if (pushes) {
			spsc_value_producer_open(&producer, ring);
			spsc_value_push(&producer, message, 32);
		} else {
			spsc_value_consumer_open(&consumer, ring);
			spsc_value_pop(&consumer, message, 32);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

/* The messages in the ring follow one another and are complete. */
static uint64_t first_of(struct spsc_value_ring *ring, uint64_t *count)
{
	struct spsc_value_consumer consumer;
	uint64_t message[4], expected[4], first = 0;

	*count = 0;
	spsc_value_consumer_open(&consumer, ring);
	while (spsc_value_pop(&consumer, message, 32)) {
		if (*count == 0)
			first = message[0];
		fill(expected, first + *count);
		assert_memory_equal(message, expected, 32);
		++*count;
	}
	return first;
}

static void whoever_survives_finds_complete_messages(bool pushes)
{
	const size_t bytes = SPSC_VALUE_RING_BYTES(4, 32);
	bool before = false, after = false;

	for (int at = 1;; at++) {
		struct spsc_value_ring *ring = shared_ring(bytes, 4);
		struct spsc_value_producer producer;
		bool killed = killed_at(ring, pushes, at);
		uint64_t message[4], count, first = first_of(ring, &count);

		/* The killed operation has either taken place completely or not
		 * at all. */
		if (pushes)
			assert_true(first == 0 && (count == 3 || count == 4));
		else
			assert_true(first + count == 3 && first <= 1);
		before |= count == 3;
		after |= count != 3;
		/* The end of the killed process can be opened again. */
		spsc_value_producer_open(&producer, ring);
		fill(message, 7);
		for (int i = 0; i < 4; i++)
			assert_true(spsc_value_push(&producer, message, 32));
		assert_false(spsc_value_push(&producer, message, 32));
		ringbench_free_shared(ring, bytes);
		if (!killed)
			break;
	}
	assert_true(before && after);
}

static void a_producer_killed_anywhere_leaves_complete_messages(void **state)
{
	(void)state;
	whoever_survives_finds_complete_messages(true);
}

static void a_consumer_killed_anywhere_loses_no_other_message(void **state)
{
	(void)state;
	whoever_survives_finds_complete_messages(false);
}

static void misuse_is_noticed(void **state)
{
	static struct ends ends;
	static struct spsc_value_producer second;
	uint64_t word = 0, longer[2];
	void *places;

	(void)state;
	open_ends(&ends, 4, sizeof(word));
	noticed = NULL;
	if (!setjmp(after_misuse))
		spsc_value_push(&ends.producer, &word, 4);
	assert_non_null(noticed);
	noticed = NULL;
	if (!setjmp(after_misuse))
		spsc_value_pop(&ends.consumer, longer, sizeof(longer));
	assert_non_null(noticed);
	noticed = NULL;
	if (!setjmp(after_misuse)) {
		spsc_value_reserve(&ends.producer, 1, &places, 8);
		spsc_value_commit(&ends.producer, 5, 8);
	}
	assert_non_null(noticed);
	noticed = NULL;
	if (!setjmp(after_misuse))
		spsc_value_release(&ends.consumer, 1, 8);
	assert_non_null(noticed);
	noticed = NULL;
	spsc_value_producer_open(&second, ends.ring);
	if (!setjmp(after_misuse))
		spsc_value_push(&ends.producer, &word, 8);
	assert_non_null(noticed);
	spsc_value_ring_free(ends.ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_size_transfers_all_values_and_holds_its_capacity),
		cmocka_unit_test(a_type_is_passed_in_place_and_in_bulk),
		cmocka_unit_test(unsuitable_memory_is_refused),
		cmocka_unit_test(a_ring_works_at_another_address),
		cmocka_unit_test(
			two_threads_transfer_complete_messages_in_order),
		cmocka_unit_test(
			two_processes_transfer_complete_messages_in_order),
		cmocka_unit_test(
			a_producer_killed_anywhere_leaves_complete_messages),
		cmocka_unit_test(
			a_consumer_killed_anywhere_loses_no_other_message),
		cmocka_unit_test(misuse_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
