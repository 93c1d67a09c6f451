/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The quick form of `make simulate`: a seed that never changes, and the band in
 * which the count of hits must then be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../simulate/simulation.h"

enum {
	TRIES = 1000,
	TABLES = 300,
};

static gsl_rng *dice;

static int same_seed(void **state)
{
	(void)state;
	dice = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(dice, 20261121);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	gsl_rng_free(dice);
	return 0;
}

/* Whether the nominal coverage is in the 99.9 % band around what was found. */
static void assert_nominal(struct covered covered, enum noise noise)
{
	struct estimate band = binomial_interval(covered.hits, covered.tries,
						 0.999);

	if (band.low > covered.nominal || band.high < covered.nominal)
		fail_msg("%s: %zu of %zu are not %.4f", noise_names[noise],
			 covered.hits, covered.tries, covered.nominal);
}

static void assert_at_most(struct covered covered, enum noise noise)
{
	struct estimate band = binomial_interval(covered.hits, covered.tries,
						 0.999);

	if (band.low > covered.nominal)
		fail_msg("%s: %zu of %zu are more than %.4f",
			 noise_names[noise], covered.hits, covered.tries,
			 covered.nominal);
}

static void the_interval_of_pairs_covers_as_often_as_it_says(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++) {
		assert_nominal(sim_pairs(dice, n, signed_rank_estimate, 12,
					 0.95, TRIES),
			       n);
		assert_nominal(sim_pairs(dice, n, signed_rank_estimate, 7, 0.90,
					 TRIES),
			       n);
	}
}

static void the_interval_of_signs_covers_as_often_as_it_says(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_nominal(
			sim_pairs(dice, n, sign_estimate, 12, 0.95, TRIES), n);
}

static void the_interval_of_sessions_covers_as_often_as_it_says(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_nominal(sim_sessions(dice, n, 0.95, TRIES), n);
}

static void tables_of_pairs_show_no_more_than_one_in_twenty(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_at_most(sim_paired_tables(dice, n, TABLES), n);
}

static void lone_runs_show_no_more_than_one_in_twenty(void **state)
{
	(void)state;
	assert_at_most(sim_floor_tables(dice, NOISE_CALM, TABLES), NOISE_CALM);
	assert_at_most(sim_floor_tables(dice, NOISE_DRIFTING, TABLES),
		       NOISE_DRIFTING);
}

/* The check itself must be able to fail. */
static void an_interval_that_is_too_narrow_is_found_out(void **state)
{
	struct covered covered = sim_pairs(
		dice, NOISE_CALM, signed_rank_estimate, 12, 0.85, TRIES);
	struct estimate band = binomial_interval(covered.hits, covered.tries,
						 0.999);

	(void)state;
	assert_true(band.high < 0.95);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_interval_of_pairs_covers_as_often_as_it_says),
		cmocka_unit_test(
			the_interval_of_signs_covers_as_often_as_it_says),
		cmocka_unit_test(
			the_interval_of_sessions_covers_as_often_as_it_says),
		cmocka_unit_test(
			tables_of_pairs_show_no_more_than_one_in_twenty),
		cmocka_unit_test(lone_runs_show_no_more_than_one_in_twenty),
		cmocka_unit_test(an_interval_that_is_too_narrow_is_found_out),
	};

	return cmocka_run_group_tests_name("simulation", tests, same_seed,
					   drop);
}
