/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flags of cells: each flag is set in its case, rarely by chance, and never on
 * clean rounds. Random samples have fixed seeds, so they never change.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "cell_flags.h"

enum {
	ROUNDS = 12,
	SAMPLES = 4000,
	ROUNDS_MOST = 40,
};

/* Twelve rounds around 1M messages/s without structure. */
static const double clean[ROUNDS] = { 1.000e6, 1.012e6, 0.991e6, 1.007e6,
				      0.996e6, 1.003e6, 1.010e6, 0.989e6,
				      1.001e6, 0.994e6, 1.005e6, 0.998e6 };

static void clean_rounds_have_no_flag(void **state)
{
	double same[ROUNDS];

	(void)state;
	assert_int_equal(cell_flags_of(clean, ROUNDS), 0);
	for (int i = 0; i < ROUNDS; i++)
		same[i] = 250;
	assert_int_equal(cell_flags_of(same, ROUNDS), 0);
	assert_int_equal(cell_flags_of(clean, 0), 0);
}

static void two_clusters_of_rounds_are_bimodal(void **state)
{
	double values[ROUNDS];

	(void)state;
	memcpy(values, clean, sizeof(values));
	/* In an order without a trend. */
	values[1] *= 2;
	values[5] *= 2;
	values[6] *= 2;
	values[9] *= 2;
	assert_int_equal(cell_flags_of(values, ROUNDS), CELL_TWO_HUMPS);
}

static void two_outliers_of_twelve_rounds_are_not_bimodal(void **state)
{
	double values[ROUNDS];

	(void)state;
	memcpy(values, clean, sizeof(values));
	values[5] *= 2;
	values[8] *= 2;
	assert_int_equal(cell_flags_of(values, ROUNDS), 0);
}

static void clusters_within_5_percent_are_not_bimodal(void **state)
{
	double values[ROUNDS];

	(void)state;
	for (int i = 0; i < ROUNDS; i++)
		values[i] = i % 3 ? 1.04e6 : 1e6;
	assert_int_equal(cell_flags_of(values, ROUNDS), 0);
	for (int i = 0; i < ROUNDS; i++)
		values[i] = i % 3 ? 1.06e6 : 1e6;
	assert_int_equal(cell_flags_of(values, ROUNDS), CELL_TWO_HUMPS);
}

static void rounds_that_rise_or_fall_are_drifting(void **state)
{
	double values[ROUNDS];

	(void)state;
	for (int i = 0; i < ROUNDS; i++)
		values[i] = clean[i] * (1 + 0.01 * i);
	assert_int_equal(cell_flags_of(values, ROUNDS), CELL_DRIFTING);
	for (int i = 0; i < ROUNDS; i++)
		values[i] = clean[i] * (1 - 0.01 * i);
	assert_int_equal(cell_flags_of(values, ROUNDS), CELL_DRIFTING);
}

static void a_first_round_far_below_the_others_is_slow(void **state)
{
	double values[ROUNDS];

	(void)state;
	memcpy(values, clean, sizeof(values));
	values[0] = 0.8e6;
	assert_int_equal(cell_flags_of(values, ROUNDS), CELL_SLOW_FIRST);
	/* The first round is the slowest, but not further from the median than
	 * other rounds. */
	values[0] = 0.98e6;
	assert_int_equal(cell_flags_of(values, ROUNDS), 0);
	/* The first round is far from the median, but fast. */
	values[0] = 1.3e6;
	assert_int_equal(cell_flags_of(values, ROUNDS), 0);
	/* The first round is far from the median, but another round is further
	 * away. */
	values[0] = 0.8e6;
	values[4] = 0.7e6;
	assert_int_equal(cell_flags_of(values, ROUNDS), 0);
}

static void seven_rounds_have_no_flags(void **state)
{
	const double drift[] = { 1, 2, 4, 8, 16, 32, 64, 128 };

	(void)state;
	assert_int_equal(cell_flags_of(drift, 7), 0);
	assert_true(cell_flags_of(drift, 8) & CELL_DRIFTING);
}

/* Kendall, Rank Correlation Methods, 1948, appendix table 1: n = 8 and 10. */
static void p_of_a_trend_equals_the_published_value(void **state)
{
	double values[10] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	(void)state;
	/* All values in order: 1 of 8! permutations on each side. */
	assert_float_equal(trend_p(values, 8), 2.0 / 40320, 1e-12);
	/* S = 26: 8 of 40320 orders have at most one inversion. */
	values[0] = 2;
	values[1] = 1;
	assert_float_equal(trend_p(values, 8), 2 * 8.0 / 40320, 1e-12);
	/* S = 0 of 4 values. */
	memcpy(values, (double[]){ 2, 4, 1, 3 }, 4 * sizeof(*values));
	assert_float_equal(trend_p(values, 4), 1, 1e-12);
	/* S = 4 of 4 values: 0.167 on each side in the table. */
	memcpy(values, (double[]){ 1, 3, 2, 4 }, 4 * sizeof(*values));
	assert_float_equal(trend_p(values, 4), 2 * 4.0 / 24, 1e-12);
}

static void many_rounds_use_the_normal_distribution(void **state)
{
	double values[51];

	(void)state;
	for (int i = 0; i < 51; i++)
		values[i] = (i * 19) % 51;
	assert_true(trend_p(values, 51) > 0.3);
	for (int i = 0; i < 51; i++)
		values[i] = i + 10 * ((i * 19) % 51);
	assert_true(trend_p(values, 51) < trend_p(values, 50) * 3);
	for (int i = 0; i < 51; i++)
		values[i] = i;
	assert_true(trend_p(values, 51) < 1e-12);
}

static double uniform(gsl_rng *random)
{
	return exp(gsl_ran_flat(random, -1, 1));
}

static double lognormal(gsl_rng *random)
{
	return gsl_ran_lognormal(random, 0, 1);
}

static double heavy_tails(gsl_rng *random)
{
	return exp(gsl_ran_tdist(random, 3));
}

/* How often each flag (indexed by its bit) is set by chance in samples of this
 * distribution. */
static void by_chance(double (*draw)(gsl_rng *), size_t rounds,
		      double shares[CELL_SLOW_FIRST + 1])
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double values[ROUNDS_MOST];
	unsigned flags;

	gsl_rng_set(random, 7);
	memset(shares, 0, (CELL_SLOW_FIRST + 1) * sizeof(*shares));
	for (int i = 0; i < SAMPLES; i++) {
		for (size_t r = 0; r < rounds; r++)
			values[r] = draw(random);
		flags = cell_flags_of(values, rounds);
		for (unsigned bit = 1; bit <= CELL_SLOW_FIRST; bit <<= 1)
			shares[bit] += flags & bit ? 1.0 / SAMPLES : 0;
	}
	gsl_rng_free(random);
}

static void chance_sets_a_flag_in_at_most_2_percent(void **state)
{
	static double (*const shapes[])(gsl_rng *) = { uniform, lognormal,
						       heavy_tails };
	static const size_t rounds[] = { 8, 12, 20, ROUNDS_MOST };
	double shares[CELL_SLOW_FIRST + 1];

	(void)state;
	for (size_t s = 0; s < 3; s++)
		for (size_t r = 0; r < 4; r++) {
			by_chance(shapes[s], rounds[r], shares);
			for (unsigned bit = 1; bit <= CELL_SLOW_FIRST;
			     bit <<= 1)
				assert_true(shares[bit] < 0.021);
		}
}

/* Two clusters that are 10 standard deviations apart. One cluster has 4 of 10
 * rounds. */
static double two_clusters(gsl_rng *random)
{
	double hump = gsl_rng_uniform(random) < 0.4 ? 0.2 : 0;

	return exp(hump + gsl_ran_gaussian(random, 0.02));
}

static void distant_clusters_are_found(void **state)
{
	double shares[CELL_SLOW_FIRST + 1];

	(void)state;
	by_chance(two_clusters, 12, shares);
	assert_true(shares[CELL_TWO_HUMPS] > 0.8);
	by_chance(two_clusters, 20, shares);
	assert_true(shares[CELL_TWO_HUMPS] > 0.9);
}

static void every_flag_of_a_cell_is_known_by_name(void **state)
{
	int cells = 0;

	(void)state;
	for (const struct flag *flag = known_flags; flag->name; flag++) {
		bool found = false;

		for (unsigned bit = 1; bit <= CELL_SLOW_FIRST; bit <<= 1)
			found |= strcmp(cell_flag_name(bit), flag->name) == 0;
		assert_int_equal(found, flag->of_cell);
		cells += flag->of_cell;
	}
	assert_int_equal(cells, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_rounds_have_no_flag),
		cmocka_unit_test(two_clusters_of_rounds_are_bimodal),
		cmocka_unit_test(two_outliers_of_twelve_rounds_are_not_bimodal),
		cmocka_unit_test(clusters_within_5_percent_are_not_bimodal),
		cmocka_unit_test(rounds_that_rise_or_fall_are_drifting),
		cmocka_unit_test(a_first_round_far_below_the_others_is_slow),
		cmocka_unit_test(seven_rounds_have_no_flags),
		cmocka_unit_test(p_of_a_trend_equals_the_published_value),
		cmocka_unit_test(many_rounds_use_the_normal_distribution),
		cmocka_unit_test(chance_sets_a_flag_in_at_most_2_percent),
		cmocka_unit_test(distant_clusters_are_found),
		cmocka_unit_test(every_flag_of_a_cell_is_known_by_name),
	};

	return cmocka_run_group_tests_name("cell_flags", tests, NULL, NULL);
}
