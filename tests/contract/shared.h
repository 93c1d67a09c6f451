/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues that processes share: what the survivor finds after the other process
 * was killed at each delay of a push and of a pop.
 */
#ifndef SHARED_H
#define SHARED_H

#include <sys/wait.h>
#include <unistd.h>

#include "ringbench_shared_memory.h"
#include "fixture.h"

#ifdef QUEUE_HAS_SHARED
enum {
	SHARED_BYTES = 32,
	SHARED_WORDS = SHARED_BYTES / 8,
	SHARED_CAPACITY = 4,
};

static bool push_message(struct value_port *port, uint64_t number)
{
	uint64_t *words = (uint64_t *)value_place(port, SHARED_BYTES);

	if (!words)
		return false;
	for (uint64_t i = 0; i < SHARED_WORDS; i++)
		words[i] = number + i;
	return value_push(port, SHARED_BYTES);
}

/* Pops a message and checks it. 0: the queue is empty. */
static uint64_t pop_message(struct value_port *port)
{
	const uint64_t *words = (const uint64_t *)value_front(port,
							      SHARED_BYTES);
	uint64_t number = words ? words[0] : 0;

	for (uint64_t i = 0; words && i < SHARED_WORDS; i++)
		assert_int_equal(words[i], number + i);
	if (words)
		value_pop(port, SHARED_BYTES);
	return number;
}

/* Returns false if the operation has fewer delays. */
static bool killed_at(struct value_queue *queue, bool pushes, int at)
{
	struct value_port port;
	pid_t child = fork();
	int status;

	if (child == 0) {
		value_port_open(&port, queue, SHARED_BYTES);
		kill_at = at;
		if (pushes)
			push_message(&port, 400);
		else
			pop_message(&port);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

/*
 * Messages 100, 200 and 300 are in the queue when a process is killed that
 * pushes 400 or pops 100. The operation took place, or it did not.
 */
static void survive(bool pushes)
{
	size_t bytes = value_bytes(SHARED_CAPACITY, SHARED_BYTES);
	bool killed = true;

	for (int at = 1; killed; at++) {
		struct value_queue *queue =
			(struct value_queue *)ringbench_alloc_shared(bytes);
		struct value_port port;
		uint64_t number, expected, count = 0;

		assert_non_null(queue);
		assert_int_equal(
			value_init(queue, SHARED_CAPACITY, SHARED_BYTES), 0);
		value_port_open(&port, queue, SHARED_BYTES);
		for (number = 100; number <= 300; number += 100)
			assert_true(push_message(&port, number));
		killed = killed_at(queue, pushes, at);
		value_port_open(&port, queue, SHARED_BYTES);
		number = pop_message(&port);
		assert_true(number == 100 || (!pushes && number == 200));
		for (expected = number; number; expected += 100) {
			assert_int_equal(number, expected);
			count++;
			number = pop_message(&port);
		}
		assert_true(expected == 400 || (pushes && expected == 500));
		/* The queue goes on with all of its capacity. */
		value_port_open(&port, queue, SHARED_BYTES);
		for (number = 1; number <= SHARED_CAPACITY; number++)
			assert_true(push_message(&port, number));
		assert_false(push_message(&port, number));
		assert_int_equal(pop_message(&port), 1);
		ringbench_free_shared(queue, bytes);
	}
}
#endif

static void the_survivor_of_a_killed_push_goes_on(void **state)
{
	(void)state;
#ifdef QUEUE_HAS_SHARED
	survive(true);
#else
	skip();
#endif
}

static void the_survivor_of_a_killed_pop_goes_on(void **state)
{
	(void)state;
#ifdef QUEUE_HAS_SHARED
	survive(false);
#else
	skip();
#endif
}

static void a_shared_queue_refuses_what_it_cannot_hold(void **state)
{
	(void)state;
#ifdef QUEUE_HAS_SHARED
	assert_int_equal(value_bytes(0, SHARED_BYTES), 0);
	assert_int_equal(value_bytes(SIZE_MAX / 2, SHARED_BYTES), 0);
#else
	assert_null(BACKEND->create_shared);
	skip();
#endif
}

#endif
