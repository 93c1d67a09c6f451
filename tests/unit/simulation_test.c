/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The quick form of `make simulate`: a fixed seed, and the band in which the
 * number of hits must be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../simulate/shared_machine.h"

enum {
	TRIES = 600,
	TABLES = 40,
	FEW = 10,
	CELLS = 4,
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

static void assert_at_least(struct covered covered, enum noise noise)
{
	struct estimate band = binomial_interval(covered.hits, covered.tries,
						 0.999);

	if (band.high < covered.nominal)
		fail_msg("%s: %zu of %zu are less than %.4f",
			 noise_names[noise], covered.hits, covered.tries,
			 covered.nominal);
}

static void the_interval_of_pairs_has_its_nominal_coverage(void **state)
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

static void the_interval_of_signs_has_its_nominal_coverage(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_nominal(
			sim_pairs(dice, n, sign_estimate, 12, 0.95, TRIES), n);
}

/* Drift that affects both sides makes the interval wider than necessary. */
static void the_interval_of_sessions_has_at_least_its_coverage(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_at_least(sim_sessions(dice, n, 0.95, TRIES), n);
}

static void unchanged_code_rarely_differs_in_common_rounds(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_at_most(
			sim_false_tables(dice, n, LAYOUT_ROUNDS, CELLS, TABLES),
			n);
}

static void unchanged_code_rarely_differs_in_alternating_sessions(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_at_most(sim_false_tables(dice, n, LAYOUT_ALTERNATE,
						CELLS, TABLES),
			       n);
}

static void other_layouts_have_no_verdict(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++) {
		assert_int_equal(
			sim_false_tables(dice, n, LAYOUT_SITTINGS, CELLS, FEW)
				.hits,
			0);
		assert_int_equal(
			sim_false_tables(dice, n, LAYOUT_LONE, CELLS, FEW).hits,
			0);
	}
}

/* The check for alternating sessions is needed: if all sessions of one side
 * come first, drift appears as a difference. */
static void without_the_check_drift_would_be_a_difference(void **state)
{
	struct machine machine = { .dice = dice, .noise = NOISE_DRIFTING };
	size_t wrong = 0;

	(void)state;
	for (int i = 0; i < TABLES; i++) {
		double sides[2][SIM_SESSIONS];

		for (int s = 0; s < 2 * SIM_SESSIONS; s++)
			sides[s / SIM_SESSIONS][s % SIM_SESSIONS] =
				machine_session(&machine);
		wrong += rank_sum_test(sides[0], SIM_SESSIONS, sides[1],
				       SIM_SESSIONS)
				 .p <= 0.05;
	}
	assert_true(wrong > TABLES / 4);
}

static void all_intervals_of_a_table_cover_the_truth_at_once(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++)
		assert_at_most(sim_missed_tables(dice, n, CELLS, TABLES), n);
}

static void
distances_and_neighbours_that_alternate_give_no_verdict(void **state)
{
	(void)state;
	assert_at_most(shared_false_tables(dice, true, CELLS, TABLES),
		       NOISE_CALM);
	assert_at_most(shared_false_tables(dice, false, CELLS, TABLES),
		       NOISE_CALM);
}

static void differences_within_a_class_are_found(void **state)
{
	struct covered with = shared_found_rows(dice, true, log(0.93), CELLS,
						TABLES);
	struct covered without = shared_found_rows(dice, false, log(0.93),
						   CELLS, TABLES);

	(void)state;
	assert_true(with.hits > with.tries / 2);
	assert_true(with.hits > without.hits);
}

static void a_planted_difference_is_found(void **state)
{
	struct machine machine = { .dice = dice, .noise = NOISE_CALM };

	(void)state;
	assert_true(sim_table(&machine, LAYOUT_ROUNDS, 4, true).verdict);
	assert_true(sim_table(&machine, LAYOUT_ALTERNATE, 4, true).verdict);
}

/* The promise is 80 %, which is four of five. */
static void a_detectable_difference_is_found_with_80_percent(void **state)
{
	(void)state;
	for (enum noise n = 0; n < NOISES; n++) {
		struct covered found = sim_detectable(dice, n, 20, 5, TABLES);
		double share = (double)found.hits / (double)found.tries;

		if (share < 0.66 || share > 0.92)
			fail_msg("%s: %.2f", noise_names[n], share);
	}
}

/* The check itself must be able to fail. */
static void the_check_finds_an_interval_that_is_too_narrow(void **state)
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
			the_interval_of_pairs_has_its_nominal_coverage),
		cmocka_unit_test(
			the_interval_of_signs_has_its_nominal_coverage),
		cmocka_unit_test(
			the_interval_of_sessions_has_at_least_its_coverage),
		cmocka_unit_test(
			unchanged_code_rarely_differs_in_common_rounds),
		cmocka_unit_test(
			unchanged_code_rarely_differs_in_alternating_sessions),
		cmocka_unit_test(other_layouts_have_no_verdict),
		cmocka_unit_test(without_the_check_drift_would_be_a_difference),
		cmocka_unit_test(
			all_intervals_of_a_table_cover_the_truth_at_once),
		cmocka_unit_test(a_planted_difference_is_found),
		cmocka_unit_test(
			a_detectable_difference_is_found_with_80_percent),
		cmocka_unit_test(
			the_check_finds_an_interval_that_is_too_narrow),
		cmocka_unit_test(
			distances_and_neighbours_that_alternate_give_no_verdict),
		cmocka_unit_test(differences_within_a_class_are_found),
	};

	return cmocka_run_group_tests_name("simulation", tests, same_seed,
					   drop);
}
