/* SPDX-License-Identifier: BSD-2-Clause */
/* Which order a queue promises, and which queues recommend leaves out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "candidates.h"

static void assert_order(unsigned flags, int producers, enum queue_order wished,
			 enum obstacle expected)
{
	const struct backend backend = { .flags = flags };
	struct wishes wishes;

	wishes_init(&wishes);
	wishes.producers = producers;
	wishes.order = wished;
	assert_int_equal(candidates_obstacle(&backend, &wishes), expected);
}

static void a_queue_without_the_requested_order_is_left_out(void **state)
{
	(void)state;
	assert_order(0, 2, ORDER_FIFO, OBSTACLE_NONE);
	assert_order(BACKEND_PRODUCER_ORDER, 2, ORDER_FIFO, OBSTACLE_ORDER);
	assert_order(BACKEND_PRODUCER_ORDER, 2, ORDER_PER_PRODUCER,
		     OBSTACLE_NONE);
	assert_order(BACKEND_MANY_UNORDERED, 2, ORDER_PER_PRODUCER,
		     OBSTACLE_ORDER);
	assert_order(BACKEND_MANY_UNORDERED, 2, ORDER_ANY, OBSTACLE_NONE);
}

static void
one_producer_and_one_consumer_need_no_more_than_their_order(void **state)
{
	(void)state;
	assert_order(BACKEND_PRODUCER_ORDER, 1, ORDER_FIFO, OBSTACLE_NONE);
	assert_order(BACKEND_MANY_UNORDERED, 1, ORDER_FIFO, OBSTACLE_NONE);
}

static void a_stack_has_no_order_at_all(void **state)
{
	(void)state;
	assert_order(BACKEND_LIFO, 1, ORDER_PER_PRODUCER, OBSTACLE_ORDER);
	assert_order(BACKEND_LIFO, 1, ORDER_ANY, OBSTACLE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_queue_without_the_requested_order_is_left_out),
		cmocka_unit_test(
			one_producer_and_one_consumer_need_no_more_than_their_order),
		cmocka_unit_test(a_stack_has_no_order_at_all),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
