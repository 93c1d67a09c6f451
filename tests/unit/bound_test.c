/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounds: which bound belongs to which cell, and which words the loops of the
 * bounds transfer. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "ringbench_memory.h"
#include "registry.h"
#include "bound.h"

enum {
	ROWS_MAX = 8,
	THREADS_MAX = 4,
};

static struct record table[ROWS_MAX];
static struct rows rows;
static struct groups groups;

static int begin(void **state)
{
	(void)state;
	rows.rows = table;
	rows.count = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	groups_free(&groups);
	return 0;
}

static struct record *add(const char *scenario, const char *backend, int shape,
			  double throughput)
{
	struct record *row = &table[rows.count++];

	record_init(row, &results_schema);
	record_set_integer(row, COLUMN_round, (int64_t)rows.count);
	record_set_text(row, COLUMN_scenario, scenario);
	record_set_text(row, COLUMN_backend, backend);
	record_set_text(row, COLUMN_wait, "spin");
	record_set_text(row, COLUMN_placement, "llc");
	record_set_integer(row, COLUMN_queues, shape / 100);
	record_set_integer(row, COLUMN_producers, shape / 10 % 10);
	record_set_integer(row, COLUMN_consumers, shape % 10);
	record_set_integer(row, COLUMN_capacity, 1023);
	record_set_text(row, COLUMN_status, "ok");
	record_set_real(row, COLUMN_throughput_msg_per_s, throughput);
	if (!registry_is_not_a_queue(backend))
		record_set_integer(row, COLUMN_verified, 1);
	return row;
}

/* The share of the bound that the cell of the first row reaches. */
static double share(void)
{
	groups_make(&rows, &groups);
	bounds_find(&groups);
	return bound_share(&groups.groups[0]);
}

static void assert_name(const char *scenario, const char *backend, int shape,
			const char *wanted)
{
	const char *name = bound_name(add(scenario, backend, shape, 1));

	rows.count = 0;
	if (wanted)
		assert_string_equal(name, wanted);
	else
		assert_null(name);
}

static void the_bound_follows_from_scenario_and_shape(void **state)
{
	(void)state;
	assert_name("pingpong", "mutex", 200, "line");
	assert_name("stream", "mutex", 111, "lines");
	assert_name("stream", "a stranger", 111, "lines");
	assert_name("stream", "mutex", 121, "faa");
	assert_name("stream", "mutex", 112, "faa");
	/* With one queue, a thread may pop its own message, and no cache line
	 * is transferred. */
	assert_name("pingpong", "mutex", 100, NULL);
	assert_name("handshake", "mutex", 111, NULL);
}

static void a_wake_up_is_compared_with_the_bare_futex(void **state)
{
	struct record *row;

	(void)state;
	row = add("wakeup", "mutex", 111, 1);
	record_set_text(row, COLUMN_wait, "block");
	assert_string_equal(bound_name(row), "futex");
	record_set_text(row, COLUMN_wait, "spin");
	assert_string_equal(bound_name(row), "line");
	record_set_text(row, COLUMN_wait, "sleep:1ms");
	assert_null(bound_name(row));
	record_set_text(row, COLUMN_backend, "futex");
	record_set_text(row, COLUMN_wait, "block");
	assert_null(bound_name(row));
	rows.count = 0;
}

static void a_bound_has_no_bound(void **state)
{
	(void)state;
	assert_name("stream", "lines", 111, NULL);
	assert_name("stream", "null", 111, NULL);
	assert_name("stream", "faa_bulk", 122, NULL);
	assert_name("pingpong", "line", 200, NULL);
}

static void the_share_is_the_quotient_of_the_medians(void **state)
{
	(void)state;
	add("stream", "mutex", 111, 10);
	add("stream", "mutex", 111, 30);
	add("stream", "mutex", 111, 20);
	add("stream", "lines", 111, 80);
	assert_float_equal(share(), 0.25, 1e-9);
}

static void a_bound_that_was_not_measured_is_not_used(void **state)
{
	(void)state;
	add("stream", "mutex", 111, 10);
	add("stream", "null", 111, 80);
	record_set_text(add("stream", "lines", 111, 80), COLUMN_wait, "poll");
	record_set_text(add("stream", "lines", 111, 80), COLUMN_placement,
			"any");
	record_set_integer(add("stream", "lines", 111, 80),
			   COLUMN_payload_bytes, 64);
	add("stream", "faa", 122, 80);
	assert_true(isnan(share()));
	assert_null(groups.groups[0].bound);
}

static void a_failed_bound_is_not_used(void **state)
{
	(void)state;
	add("stream", "mutex", 111, 10);
	record_set_text(add("stream", "lines", 111, 80), COLUMN_status, "hung");
	assert_true(isnan(share()));
}

static void a_bound_without_messages_is_not_used(void **state)
{
	(void)state;
	add("stream", "mutex", 111, 10);
	add("stream", "lines", 111, 0);
	assert_true(isnan(share()));
}

static void the_capacity_of_a_bound_does_not_matter(void **state)
{
	(void)state;
	record_set_integer(add("stream", "mutex", 111, 10), COLUMN_capacity,
			   15);
	add("stream", "lines", 111, 80);
	assert_float_equal(share(), 0.125, 1e-9);
}

static void a_cell_that_ends_by_a_sentinel_has_the_same_bound(void **state)
{
	(void)state;
	record_set_text(add("stream", "mutex", 111, 10), COLUMN_stop,
			"sentinel");
	record_set_text(add("stream", "lines", 111, 80), COLUMN_stop, "event");
	assert_float_equal(share(), 0.125, 1e-9);
}

static const struct backend *find(const char *id)
{
	struct backend_choice choice;

	assert_true(registry_find_choice(id, &choice));
	assert_non_null(choice.backend);
	return choice.backend;
}

struct thread {
	struct worker worker;
	loop_function *loop;
	pthread_t id;
};

static void *run_thread(void *arg)
{
	struct thread *thread = arg;

	thread->loop(&thread->worker);
	return NULL;
}

/* Each producer and each consumer transfers this number of messages, and the
 * threads stay. */
static const struct loop *loop_of(const struct backend *backend,
				  const char *name)
{
	const struct loop *loop = backend->loops;

	while (strcmp(loop->name, name) != 0)
		loop++;
	return loop;
}

static struct thread *stream(const char *id, struct channel *channel,
			     int producers, int consumers, uint64_t messages)
{
	static const uint32_t never;
	const struct backend *backend = find(id);
	struct thread *threads = ringbench_alloc_lines(THREADS_MAX *
						       sizeof(*threads));
	bool single = producers * consumers == 1;

	assert_non_null(threads);
	assert_int_equal(backend->create(channel, 1023), 0);
	for (int i = 0; i < producers + consumers; i++) {
		struct worker *worker = &threads[i].worker;
		const char *loop = i < producers ? "stream_producer"
				   : single	 ? "stream_consumer"
						 : "stream_consumer_of_many";

		worker->in = worker->out = channel;
		worker->stop = &never;
		worker->first = 1;
		worker->limit = messages;
		worker->order.senders = (uint64_t)producers;
		worker->order.slack = consumers > 1 ? INT64_MAX : 0;
		threads[i].loop = loop_of(backend, loop)->by_wait[WAIT_YIELD];
	}
	for (int i = 0; i < producers + consumers; i++)
		assert_int_equal(pthread_create(&threads[i].id, NULL,
						run_thread, &threads[i]),
				 0);
	for (int i = 0; i < producers + consumers; i++)
		pthread_join(threads[i].id, NULL);
	backend->destroy(channel);
	return threads;
}

static void assert_in_order(const struct worker *worker, uint64_t messages)
{
	assert_int_equal(worker->messages, messages);
	assert_int_equal(worker->order.late, 0);
	assert_int_equal(worker->order.duplicates, 0);
	assert_int_equal(worker->order.foreign, 0);
	if (!worker->order.slack)
		assert_int_equal(worker->order.gap, 0);
}

/* More messages than the ring holds, ending inside a block and inside a
 * line. */
static void lines_transfers_every_word(void **state)
{
	static struct channel channel;
	const uint64_t messages = 1000003;
	struct thread *threads = stream("lines", &channel, 1, 1, messages);

	(void)state;
	assert_true(channel.capacity_usable < messages);
	assert_int_equal(threads[0].worker.messages, messages);
	assert_in_order(&threads[1].worker, messages);
	assert_int_equal(threads[1].worker.sum, messages * (messages + 1) / 2);
	free(threads);
}

static void faa_gives_the_consumers_the_expected_numbers(void **state)
{
	static const char *const names[] = { "faa", "faa_bulk", "null" };
	static struct channel channel;
	const uint64_t messages = 20001;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (size_t s = 0; s < 4; s++) {
			int producers = 1 + (int)(s / 2);
			int consumers = 1 + (int)(s % 2);
			struct thread *threads = stream(names[i], &channel,
							producers, consumers,
							messages);

			for (int c = 0; c < consumers; c++)
				assert_in_order(&threads[producers + c].worker,
						messages);
			free(threads);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			the_bound_follows_from_scenario_and_shape, begin),
		cmocka_unit_test_setup(
			a_wake_up_is_compared_with_the_bare_futex, begin),
		cmocka_unit_test_setup(a_bound_has_no_bound, begin),
		cmocka_unit_test_setup_teardown(
			the_share_is_the_quotient_of_the_medians, begin, end),
		cmocka_unit_test_setup_teardown(
			a_bound_that_was_not_measured_is_not_used, begin, end),
		cmocka_unit_test_setup_teardown(a_failed_bound_is_not_used,
						begin, end),
		cmocka_unit_test_setup_teardown(
			a_bound_without_messages_is_not_used, begin, end),
		cmocka_unit_test_setup_teardown(
			the_capacity_of_a_bound_does_not_matter, begin, end),
		cmocka_unit_test_setup_teardown(
			a_cell_that_ends_by_a_sentinel_has_the_same_bound,
			begin, end),
		cmocka_unit_test(lines_transfers_every_word),
		cmocka_unit_test(faa_gives_the_consumers_the_expected_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
