/* SPDX-License-Identifier: BSD-2-Clause */
/* How often differences are found, in pools with known differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../prove/detection.h"

enum {
	POOL = 400,
	ROUNDS = 12,
	DRAWS = 1000,
};

#define ALPHA	  0.05
#define THRESHOLD 0.03

static gsl_rng *dice;
static double pool[POOL];

static int seed(void **state)
{
	(void)state;
	dice = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(dice, 1);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	gsl_rng_free(dice);
	return 0;
}

static struct detection found_at(double shift, double spread)
{
	for (int i = 0; i < POOL; i++)
		pool[i] = shift + gsl_ran_gaussian(dice, spread);
	return detection_in(dice, pool, POOL, ROUNDS, ALPHA, THRESHOLD, DRAWS);
}

static struct detection predicted_at(double shift, double spread)
{
	return detection_predicted(dice, shift, spread, ROUNDS, ALPHA,
				   THRESHOLD, DRAWS);
}

static void equal_builds_differ_as_often_as_the_level(void **state)
{
	/* The level of the test with 12 rounds is 4.2 %; the band is four
	 * standard deviations on each side. */
	double found = predicted_at(0, 0.1).found;

	(void)state;
	assert_true(found > 0.017 && found < 0.068);
}

static void a_large_difference_is_always_found(void **state)
{
	struct detection in = found_at(-0.2, 0.05);
	struct detection should = predicted_at(-0.2, 0.05);

	(void)state;
	assert_true(in.found > 0.99 && in.verdict > 0.99);
	assert_true(should.found > 0.99 && should.verdict > 0.99);
}

static void a_difference_below_the_threshold_has_no_verdict(void **state)
{
	struct detection in = found_at(-0.01, 0.002);

	(void)state;
	assert_true(in.found > 0.99);
	assert_true(in.verdict < 0.01);
}

/* The mean of a pool differs from the true mean by about 0.1 / sqrt(400) =
 * 0.005. */
static void a_normal_pool_is_found_as_predicted(void **state)
{
	double in = found_at(-0.08, 0.1).found;

	(void)state;
	assert_true(in > predicted_at(-0.065, 0.1).found - 0.05);
	assert_true(in < predicted_at(-0.095, 0.1).found + 0.05);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, seed, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(equal_builds_differ_as_often_as_the_level),
		TEST(a_large_difference_is_always_found),
		TEST(a_difference_below_the_threshold_has_no_verdict),
		TEST(a_normal_pool_is_found_as_predicted),
	};

	return cmocka_run_group_tests_name("detection", tests, NULL, NULL);
}
