/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of a round is random and reproducible. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan.h"

enum {
	CELLS = 83,
};

/* Only the number of cells and the seed affect the order. */
static struct plan plan_of(size_t count, int64_t seed)
{
	struct plan plan;

	plan_init(&plan, "test");
	plan.count = count;
	plan.seed = seed;
	return plan;
}

static void a_round_has_every_cell_once(void **state)
{
	(void)state;
	for (size_t count = 1; count <= CELLS; count++) {
		struct plan plan = plan_of(count, 7);
		size_t order[CELLS];
		bool seen[CELLS] = { false };

		plan_shuffle(&plan, 1, 1, 1, order);
		for (size_t i = 0; i < count; i++) {
			assert_true(order[i] < count);
			assert_false(seen[order[i]]);
			seen[order[i]] = true;
		}
	}
}

static void the_order_of_a_round_is_reproducible(void **state)
{
	struct plan plan = plan_of(CELLS, 7);
	size_t first[CELLS], again[CELLS];

	(void)state;
	plan_shuffle(&plan, 5, 1, 1, first);
	plan_shuffle(&plan, 4, 1, 1, again); /* earlier calls have no effect */
	plan_shuffle(&plan, 5, 1, 1, again);
	assert_memory_equal(first, again, sizeof(first));
}

static void rounds_and_seeds_have_different_orders(void **state)
{
	enum {
		ORDERS = 60
	};
	static size_t orders[ORDERS][CELLS];
	int count = 0;

	(void)state;
	for (int64_t seed = 0; seed < 5; seed++)
		for (int64_t round = 1; round <= 12; round++) {
			struct plan plan = plan_of(CELLS, seed);

			plan_shuffle(&plan, round, 1, 1, orders[count++]);
		}
	assert_int_equal(count, ORDERS);
	for (int i = 0; i < ORDERS; i++)
		for (int j = 0; j < i; j++)
			assert_memory_not_equal(orders[i], orders[j],
						sizeof(orders[0]));
}

static void the_largest_seed_and_round_are_accepted(void **state)
{
	struct plan plan = plan_of(CELLS, UINT32_MAX);
	size_t a[CELLS], b[CELLS];

	(void)state;
	plan_shuffle(&plan, PLAN_ROUNDS_MAX, 1, 1, a);
	plan_shuffle(&plan, PLAN_ROUNDS_MAX - 1, 1, 1, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

static void sides_of_a_cell_are_neighbours_in_random_order(void **state)
{
	struct plan plan = plan_of(CELLS, 7);
	size_t order[2 * CELLS], one[CELLS];
	int first = 0;

	(void)state;
	plan_shuffle(&plan, 3, 1, 2, order);
	plan_shuffle(&plan, 3, 1, 1, one);
	for (size_t i = 0; i < CELLS; i++) {
		/* The order of the cells equals the order with one side. */
		assert_int_equal(order[2 * i] / 2, one[i]);
		assert_int_equal(order[2 * i + 1] / 2, one[i]);
		assert_int_not_equal(order[2 * i] % 2, order[2 * i + 1] % 2);
		first += order[2 * i] % 2 == 0;
	}
	/* The number of heads in 83 tosses. By chance, one seed in 10,000 is
	 * outside this range; this seed is not. */
	assert_in_range(first, 24, 59);
}

static void
over_the_rounds_each_side_of_a_cell_comes_first_as_often(void **state)
{
	struct plan plan = plan_of(1, 7);
	int first = 0;
	size_t order[2];

	(void)state;
	for (int round = 1; round <= 4800; round++) {
		plan_shuffle(&plan, round, 1, 2, order);
		first += order[0] == 0;
	}
	/* Within four standard deviations of 2400 heads in 4800 tosses. */
	assert_in_range(first, 2262, 2538);
}

/*
 * Chi-square over the 24 orders of 4 cells: 23 degrees of freedom, so 23 is
 * expected, and 58 is exceeded by chance once in 10,000 (and not here: seeds
 * are fixed).
 */
static void assert_uniform(const int counts[24], int total)
{
	double expected = total / 24.0, chi_square = 0;

	for (int i = 0; i < 24; i++)
		chi_square += (counts[i] - expected) * (counts[i] - expected) /
			      expected;
	if (chi_square > 58)
		fail_msg("chi-square of %.1f", chi_square);
}

/* The number of a permutation of 4, by its Lehmer code. */
static int number_of(const size_t order[4])
{
	static const int factorial[4] = { 6, 2, 1, 1 };
	int number = 0;

	for (int i = 0; i < 4; i++) {
		int smaller = 0;

		for (int j = i + 1; j < 4; j++)
			smaller += order[j] < order[i];
		number += smaller * factorial[i];
	}
	return number;
}

static void orders_are_equally_frequent_in_one_run(void **state)
{
	struct plan plan = plan_of(4, 7);
	int counts[24] = { 0 };
	size_t order[4];

	(void)state;
	for (int round = 1; round <= 4800; round++) {
		plan_shuffle(&plan, round, 1, 1, order);
		counts[number_of(order)]++;
	}
	assert_uniform(counts, 4800);
}

/* Most runs have few rounds, so the orders must be equally frequent over many
 * seeds, too. */
static void orders_are_equally_frequent_over_many_seeds(void **state)
{
	int counts[24] = { 0 };
	size_t order[4];

	(void)state;
	for (int seed = 0; seed < 4800; seed++) {
		struct plan plan = plan_of(4, seed);

		plan_shuffle(&plan, 1, 1, 1, order);
		counts[number_of(order)]++;
	}
	assert_uniform(counts, 4800);
}

/* The checks above count orders by their number. */
static void each_order_has_its_own_number(void **state)
{
	static const size_t first[4] = { 0, 1, 2, 3 };
	static const size_t next[4] = { 0, 1, 3, 2 };
	static const size_t last[4] = { 3, 2, 1, 0 };

	(void)state;
	assert_int_equal(number_of(first), 0);
	assert_int_equal(number_of(next), 1);
	assert_int_equal(number_of(last), 23);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_round_has_every_cell_once),
		cmocka_unit_test(the_order_of_a_round_is_reproducible),
		cmocka_unit_test(rounds_and_seeds_have_different_orders),
		cmocka_unit_test(the_largest_seed_and_round_are_accepted),
		cmocka_unit_test(each_order_has_its_own_number),
		cmocka_unit_test(orders_are_equally_frequent_in_one_run),
		cmocka_unit_test(
			sides_of_a_cell_are_neighbours_in_random_order),
		cmocka_unit_test(
			over_the_rounds_each_side_of_a_cell_comes_first_as_often),
		cmocka_unit_test(orders_are_equally_frequent_over_many_seeds),
	};

	return cmocka_run_group_tests_name("shuffle", tests, NULL, NULL);
}
