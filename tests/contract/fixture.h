/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A queue of the backend under test, for all tests of the contract. The tests
 * compile as C and as C++, like the backend.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#include <cmocka.h>
#ifdef __cplusplus
}
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Time limit of a test in seconds. A test takes less than a second. */
#ifndef TEST_SECONDS_MAX
#define TEST_SECONDS_MAX 30
#endif

/* Kills this process at its n-th delay; 0: never. */
static int kill_at;

static void delay(void)
{
	if (kill_at && --kill_at == 0)
		raise(SIGKILL);
}

#define RINGBENCH_TEST_DELAY() delay()
#include BACKEND_SOURCE

#include "ringbench_memory.h"

#define BACKEND (&BACKEND_SYMBOL)

/* A queue with an open port, as in a loop. */
struct fixture {
	struct channel *channel;
	struct port port;
};

/*
 * Ends a test that hangs, because cmocka has no time limit. The name of the
 * test is in the last line that cmocka has printed.
 */
static void end_hanging_test(int number)
{
	static const char line[] =
		"[  FAILED  ] the test above does not end: a message or a "
		"wake-up was lost, or an operation does not return\n";
	ssize_t written = write(STDERR_FILENO, line, sizeof(line) - 1);

	(void)number;
	(void)written;
	_exit(1);
}

static bool has(unsigned flags)
{
	return (BACKEND->flags & flags) == flags;
}

/* Unbounded backends get capacity 0. */
static void open_queue(struct fixture *fixture, size_t capacity)
{
	fixture->channel = (struct channel *)ringbench_alloc_lines(
		sizeof(*fixture->channel));
	assert_non_null(fixture->channel);
	alarm(TEST_SECONDS_MAX);
	if (has(BACKEND_UNBOUNDED))
		capacity = 0;
	assert_int_equal(BACKEND->create(fixture->channel, capacity), 0);
	port_open(&fixture->port, (struct queue *)fixture->channel->queue);
}

/* Whether the limits of this machine allow the capacity. */
static bool is_allowed(size_t capacity)
{
	struct channel *channel = (struct channel *)ringbench_alloc_lines(
		sizeof(*channel));
	int error;

	assert_non_null(channel);
	error = BACKEND->create(channel, capacity);
	if (!error)
		BACKEND->destroy(channel);
	free(channel);
	return error != -ENOBUFS;
}

static void close_queue(struct fixture *fixture)
{
	port_close(&fixture->port);
	BACKEND->destroy(fixture->channel);
	free(fixture->channel);
}

/*
 * A thread's input and counters. It waits as on one CPU: then block has no
 * tries before it sleeps, and each of its waits tests the wake-up.
 */
static struct worker *new_worker(const uint32_t *stop)
{
	struct worker *me = (struct worker *)ringbench_alloc_lines(sizeof(*me));

	assert_non_null(me);
	me->stop = stop;
	me->one_cpu = true;
	return me;
}

static void skip_floors(void)
{
	if (has(BACKEND_NOT_A_QUEUE))
		skip();
}

#endif
