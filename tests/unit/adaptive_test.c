/* SPDX-License-Identifier: BSD-2-Clause */
/* The adaptive rule: the promises of adaptive.h about its decisions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adaptive.h"

enum {
	LIMIT = 50000,
	MANY = 1000,
	NEVER = -1,
};

/* The number of waits of this length until the decision is `spins`. */
static int waits_until(struct adaptive *gaps, int64_t gap_ns, bool spins)
{
	for (int i = 0; i < MANY; i++) {
		if (adaptive_spins(gaps, LIMIT) == spins)
			return i;
		adaptive_learn(gaps, LIMIT, gap_ns);
	}
	return NEVER;
}

static void the_first_wait_spins(void **state)
{
	const struct adaptive gaps = { 0 };

	(void)state;
	assert_true(adaptive_spins(&gaps, LIMIT));
	assert_false(adaptive_spins(&gaps, 0));
}

static void six_long_waits_end_the_spinning(void **state)
{
	struct adaptive gaps = { 0 };

	(void)state;
	assert_int_equal(waits_until(&gaps, LIMIT + 1, false), 6);
	assert_int_equal(waits_until(&gaps, LIMIT + 1, true), NEVER);
	assert_int_equal(waits_until(&gaps, INT64_MAX, true), NEVER);
}

static void short_waits_never_end_the_spinning(void **state)
{
	struct adaptive gaps = { 0 };

	(void)state;
	assert_int_equal(waits_until(&gaps, LIMIT - 8, false), NEVER);
}

static void short_waits_start_the_spinning_again(void **state)
{
	struct adaptive gaps = { 2 * LIMIT };

	(void)state;
	assert_int_equal(waits_until(&gaps, LIMIT / 8, true), 6);
	gaps.cost_ns = 2 * LIMIT;
	assert_int_equal(waits_until(&gaps, LIMIT / 2, true), 9);
}

/* 1 long wait in n. Spinning is cheaper for n > 2, if other waits are short. */
static void a_mixture_takes_the_cheaper_choice(void **state)
{
	(void)state;
	for (int n = 1; n <= 8; n *= 2) {
		struct adaptive gaps = { 0 };
		int spins = 0;

		for (int i = 0; i < MANY; i++) {
			adaptive_learn(&gaps, LIMIT, i % n ? 100 : 10 * LIMIT);
			spins += adaptive_spins(&gaps, LIMIT);
		}
		if (n == 1)
			assert_true(spins < MANY / 10);
		if (n >= 4)
			assert_true(spins > MANY * 9 / 10);
	}
}

/* Costs of one wait: see adaptive.h. */
static int64_t cost(int64_t gap_ns, bool spins)
{
	if (!spins)
		return LIMIT;
	return gap_ns <= LIMIT ? gap_ns : 2 * LIMIT;
}

static void
constant_waits_cost_within_20_percent_of_the_better_choice(void **state)
{
	(void)state;
	for (int64_t gap = 1000; gap <= 100000000; gap = gap * 5 / 4) {
		struct adaptive gaps = { 0 };
		int64_t spin = cost(gap, true), sleep = cost(gap, false);
		int64_t better = spin < sleep ? spin : sleep;
		int64_t total = 0;

		for (int i = 0; i < MANY; i++) {
			total += cost(gap, adaptive_spins(&gaps, LIMIT));
			adaptive_learn(&gaps, LIMIT, gap);
		}
		assert_true(total <= MANY * better * 12 / 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_wait_spins),
		cmocka_unit_test(six_long_waits_end_the_spinning),
		cmocka_unit_test(short_waits_never_end_the_spinning),
		cmocka_unit_test(short_waits_start_the_spinning_again),
		cmocka_unit_test(a_mixture_takes_the_cheaper_choice),
		cmocka_unit_test(
			constant_waits_cost_within_20_percent_of_the_better_choice),
	};

	return cmocka_run_group_tests_name("adaptive", tests, NULL, NULL);
}
