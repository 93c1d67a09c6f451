/* SPDX-License-Identifier: BSD-2-Clause */
/* Statistics at the edges of their domain, and compared with brute force. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>

#include "pairwise.h"
#include "power.h"
#include "quantiles.h"
#include "rank_sum.h"
#include "signed_rank.h"

enum {
	TRIES = 200,
	MOST = 12,
};

static gsl_rng *dice;

static int make_dice(void **state)
{
	(void)state;
	dice = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(dice, 4);
	return 0;
}

static int drop_dice(void **state)
{
	(void)state;
	gsl_rng_free(dice);
	return 0;
}

/* Draws random values, with many ties and zeros or without them. */
static size_t throw(double *values, double step)
{
	size_t count = 1 + gsl_rng_uniform_int(dice, MOST);

	for (size_t i = 0; i < count; i++) {
		values[i] = gsl_rng_uniform(dice) * 8 - 4;
		if (step > 0)
			values[i] = step * nearbyint(values[i] / step);
	}
	return count;
}

/* All sign patterns of the ranks, counted one by one. */
static double signed_rank_by_hand(const double *values, size_t count)
{
	double ranks[MOST], size[MOST], found = 0;
	size_t n = 0, below = 0, above = 0, patterns;

	for (size_t i = 0; i < count; i++)
		if (values[i] != 0)
			size[n++] = values[i];
	for (size_t i = 0; i < n; i++) {
		ranks[i] = 0.5;
		for (size_t j = 0; j < n; j++)
			ranks[i] += fabs(size[j]) < fabs(size[i])   ? 1
				    : fabs(size[j]) > fabs(size[i]) ? 0
								    : 0.5;
		found += size[i] > 0 ? ranks[i] : 0;
	}
	patterns = (size_t)1 << n;
	for (size_t pattern = 0; pattern < patterns; pattern++) {
		double sum = 0;

		for (size_t i = 0; i < n; i++)
			sum += pattern >> i & 1 ? ranks[i] : 0;
		below += sum <= found;
		above += sum >= found;
	}
	return fmin(1, 2.0 * (double)(below < above ? below : above) /
			       (double)patterns);
}

static void the_signed_rank_test_counts_all_patterns_of_signs(void **state)
{
	double values[MOST];

	(void)state;
	for (int i = 0; i < TRIES; i++) {
		size_t count = throw(values, i % 2);

		assert_float_equal(signed_rank_test(values, count).p,
				   signed_rank_by_hand(values, count), 1e-12);
	}
}

static void walsh_averages_are_selected_as_if_they_were_sorted(void **state)
{
	double values[MOST], all[MOST * MOST];

	(void)state;
	for (int t = 0; t < TRIES; t++) {
		size_t count = throw(values, t % 2), pairs = 0;

		gsl_sort(values, 1, count);
		for (size_t i = 0; i < count; i++)
			for (size_t j = i; j < count; j++)
				all[pairs++] = (values[i] + values[j]) / 2;
		gsl_sort(all, 1, pairs);
		for (size_t k = 1; k <= pairs; k++)
			assert_true(walsh_select(values, count, k) ==
				    all[k - 1]);
	}
}

static void differences_are_selected_as_if_they_were_sorted(void **state)
{
	double a[MOST], b[MOST], all[MOST * MOST];

	(void)state;
	for (int t = 0; t < TRIES; t++) {
		size_t as = throw(a, t % 2), bs = throw(b, t % 2), pairs = 0;

		gsl_sort(a, 1, as);
		gsl_sort(b, 1, bs);
		for (size_t i = 0; i < as; i++)
			for (size_t j = 0; j < bs; j++)
				all[pairs++] = b[j] - a[i];
		gsl_sort(all, 1, pairs);
		for (size_t k = 1; k <= pairs; k++)
			assert_true(shift_select(a, as, b, bs, k) ==
				    all[k - 1]);
	}
}

static void without_values_there_is_no_estimate_and_p_is_1(void **state)
{
	static const double zeros[] = { 0, 0, 0, 0, 0, 0 };

	(void)state;
	assert_true(signed_rank_test(NULL, 0).p == 1);
	assert_true(sign_test(NULL, 0).p == 1);
	assert_true(rank_sum_test(zeros, 0, zeros, 3).p == 1);
	assert_true(isnan(signed_rank_estimate(NULL, 0, 0.95).value));
	assert_true(isnan(sign_estimate(NULL, 0, 0.95).value));
	assert_true(isnan(rank_sum_estimate(zeros, 2, NULL, 0, 0.9).value));
	assert_true(isnan(geometric_mean(NULL, 0)));
	assert_true(isnan(binomial_interval(0, 0, 0.95).value));
	assert_true(isnan(median_of(NULL, 0)));
	assert_true(signed_rank_test(zeros, 6).p == 1);
	assert_int_equal(signed_rank_test(zeros, 6).n, 0);
	assert_true(rank_sum_test(zeros, 3, zeros, 3).p == 1);
}

static void an_interval_needs_enough_values_for_its_level(void **state)
{
	double values[MOST] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

	(void)state;
	assert_false(signed_rank_estimate(values, 5, 0.95).has_interval);
	assert_true(signed_rank_estimate(values, 6, 0.95).has_interval);
	assert_false(sign_estimate(values, 5, 0.95).has_interval);
	assert_true(sign_estimate(values, 6, 0.95).has_interval);
	assert_false(signed_rank_estimate(values, 4, 0.90).has_interval);
	assert_true(signed_rank_estimate(values, 5, 0.90).has_interval);
	assert_false(
		rank_sum_estimate(values, 3, values, 3, 0.95).has_interval);
	assert_true(rank_sum_estimate(values, 4, values, 4, 0.95).has_interval);
}

/* 1 - 2 / 2^5 is exactly 0.9375, so an interval with this coverage is wide
 * enough. */
static void an_interval_with_exactly_its_coverage_is_found(void **state)
{
	static const double values[] = { 1, 2, 3, 4, 5 };
	struct estimate found = signed_rank_estimate(values, 5, 0.9375);

	(void)state;
	assert_true(found.has_interval);
	assert_true(found.low == 1 && found.high == 5);
	assert_true(found.coverage == 0.9375);
	found = sign_estimate(values, 5, 0.9375);
	assert_true(found.has_interval);
	assert_float_equal(found.coverage, 0.9375, 1e-12);
}

static void a_narrower_interval_has_less_coverage(void **state)
{
	double values[60];
	struct estimate wide, narrow;

	(void)state;
	for (int i = 0; i < 60; i++)
		values[i] = gsl_rng_uniform(dice);
	for (size_t n = 8; n <= 60; n++) {
		wide = signed_rank_estimate(values, n, 0.99);
		narrow = signed_rank_estimate(values, n, 0.90);
		assert_true(wide.coverage >= 0.99 && narrow.coverage >= 0.90);
		assert_true(narrow.coverage < wide.coverage);
		assert_true(wide.low <= narrow.low);
		assert_true(narrow.high <= wide.high);
		assert_true(narrow.low <= narrow.value);
		assert_true(narrow.value <= narrow.high);
	}
}

static void the_normal_form_continues_the_exact_form(void **state)
{
	enum {
		n = SIGNED_RANK_EXACT_MAX
	};
	double values[n + 1], a[33], b[33];
	struct estimate exact, normal;

	(void)state;
	for (int i = 0; i <= n; i++)
		values[i] = gsl_rng_uniform(dice) - 0.45;
	exact = signed_rank_estimate(values, n, 0.95);
	normal = signed_rank_estimate(values, n + 1, 0.95);
	assert_float_equal(exact.low, normal.low, 0.01);
	assert_float_equal(exact.coverage, normal.coverage, 0.001);
	assert_float_equal(signed_rank_test(values, n).p,
			   signed_rank_test(values, n + 1).p, 0.03);
	for (int i = 0; i < 33; i++) {
		a[i] = gsl_rng_uniform(dice);
		b[i] = gsl_rng_uniform(dice) + 0.2;
	}
	exact = rank_sum_estimate(a, 32, b, 32, 0.95);
	normal = rank_sum_estimate(a, 32, b, 33, 0.95);
	assert_float_equal(exact.low, normal.low, 0.05);
	assert_float_equal(exact.coverage, normal.coverage, 0.005);
}

static void swapping_the_sides_reverses_the_result(void **state)
{
	double a[MOST], b[MOST];

	(void)state;
	for (int i = 0; i < TRIES; i++) {
		size_t as = throw(a, 1), bs = throw(b, 1);
		struct estimate one = rank_sum_estimate(a, as, b, bs, 0.8);
		struct estimate two = rank_sum_estimate(b, bs, a, as, 0.8);

		assert_float_equal(rank_sum_test(a, as, b, bs).p,
				   rank_sum_test(b, bs, a, as).p, 1e-12);
		assert_float_equal(one.value, -two.value, 1e-12);
		assert_int_equal(one.has_interval, two.has_interval);
		if (one.has_interval)
			assert_float_equal(one.low, -two.high, 1e-12);
	}
}

/* Numbers of rounds and sessions with which Holm's correction can reject. */
static void needed_rounds_and_sessions_equal_the_documented_numbers(void **s)
{
	static const struct {
		int cells;
		size_t rounds, sessions;
	} published[] = {
		{ 1, 6, 4 },   { 5, 8, 5 },   { 10, 9, 6 },
		{ 20, 10, 6 }, { 50, 11, 7 }, { 100, 12, 8 },
	};

	(void)s;
	for (int i = 0; i < 6; i++) {
		double level = 0.05 / published[i].cells;

		assert_int_equal(pairs_needed(level), published[i].rounds);
		if (published[i].cells != 10)
			assert_int_equal(samples_needed(level),
					 published[i].sessions);
	}
}

/* The arguments include those for which GSL's own function aborts the
 * program. */
static void a_binomial_interval_is_found_for_all_counts(void **state)
{
	(void)state;
	for (size_t tries = 1; tries <= 1000; tries += tries < 50 ? 1 : 95)
		for (size_t hits = 0; hits <= tries; hits++) {
			struct estimate found = binomial_interval(hits, tries,
								  0.999);

			assert_true(found.low <= found.value);
			assert_true(found.value <= found.high);
			assert_true(found.low >= 0 && found.high <= 1);
		}
}

static void holm_never_exceeds_one_and_keeps_the_order(void **state)
{
	double p[] = { 0.9, 0.04, 0.8, 0.04, 0.001 };

	(void)state;
	holm_adjust(p, 5);
	assert_float_equal(p[4], 0.005, 1e-12);
	assert_float_equal(p[1], 0.16, 1e-12);
	assert_float_equal(p[3], 0.16, 1e-12);
	assert_true(p[0] == 1 && p[2] == 1);
	holm_adjust(NULL, 0);
}

static void noise_of(double *values, size_t count, double size)
{
	for (size_t i = 0; i < count; i++)
		values[i] = gsl_ran_gaussian(dice, size);
}

static void without_noise_the_threshold_can_be_detected(void **state)
{
	static const double calm[12] = { 0 };
	struct demand demand = { 0.05, 0.03 };
	struct estimate inner = signed_rank_estimate(calm, 12, 0.9);

	(void)state;
	for (int sign = 0; sign < 2; sign++) {
		struct power power = power_of_pairs(calm, 12, sign, &inner,
						    &demand);

		assert_float_equal(power.detectable, 0.03, 1e-12);
		assert_float_equal(power.settles, 13, 1e-12);
	}
	assert_float_equal(
		power_of_samples(calm, 6, calm, 6, &inner, &demand).detectable,
		0.03, 1e-12);
}

static void too_few_values_detect_nothing(void **state)
{
	static const double values[5] = { 0.1, -0.1, 0.2, -0.3, 0.05 };
	struct demand demand = { 0.05, 0.03 };
	struct estimate none = { 0 };

	(void)state;
	for (size_t n = 0; n <= 5; n++) {
		struct power power = power_of_pairs(values, n, false, &none,
						    &demand);

		assert_true(isnan(power.detectable) && isnan(power.settles));
	}
	for (size_t n = 0; n < 4; n++)
		assert_true(isnan(power_of_samples(values, n, values, 5 - n,
						   &none, &demand)
					  .detectable));
}

static void more_rows_and_more_noise_hide_more(void **state)
{
	struct demand one = { 0.05, 0.03 }, many = { 0.05 / 20, 0.03 };
	struct estimate none = { 0 };
	double values[24], louder[24];
	double few, more, loud, half;

	(void)state;
	noise_of(values, 24, 0.1);
	for (int i = 0; i < 24; i++)
		louder[i] = 2 * values[i];
	few = power_of_pairs(values, 24, false, &none, &one).detectable;
	more = power_of_pairs(values, 24, false, &none, &many).detectable;
	loud = power_of_pairs(louder, 24, false, &none, &one).detectable;
	half = power_of_pairs(values, 12, false, &none, &one).detectable;
	assert_true(more > few && half > few);
	assert_float_equal(loud, 2 * few, 1e-9);
}

/* A shift that is a third as large needs about nine times as many rounds. */
static void a_smaller_shift_needs_more_rounds(void **state)
{
	struct demand demand = { 0.05, 0.001 };
	double values[20], shifted[20], rounds[2];
	struct estimate inner;

	(void)state;
	noise_of(values, 20, 0.1);
	inner = signed_rank_estimate(values, 20, 0.9);
	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < 20; i++)
			shifted[i] = values[i] - inner.value +
				     (k ? 0.01 : 0.03);
		struct estimate own = signed_rank_estimate(shifted, 20, 0.9);

		rounds[k] = power_of_pairs(shifted, 20, false, &own, &demand)
				    .settles;
	}
	assert_true(rounds[0] > 20);
	assert_true(rounds[1] > 7 * rounds[0] && rounds[1] < 11 * rounds[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_signed_rank_test_counts_all_patterns_of_signs),
		cmocka_unit_test(
			walsh_averages_are_selected_as_if_they_were_sorted),
		cmocka_unit_test(
			differences_are_selected_as_if_they_were_sorted),
		cmocka_unit_test(
			without_values_there_is_no_estimate_and_p_is_1),
		cmocka_unit_test(without_noise_the_threshold_can_be_detected),
		cmocka_unit_test(too_few_values_detect_nothing),
		cmocka_unit_test(more_rows_and_more_noise_hide_more),
		cmocka_unit_test(a_smaller_shift_needs_more_rounds),
		cmocka_unit_test(an_interval_needs_enough_values_for_its_level),
		cmocka_unit_test(
			an_interval_with_exactly_its_coverage_is_found),
		cmocka_unit_test(a_narrower_interval_has_less_coverage),
		cmocka_unit_test(the_normal_form_continues_the_exact_form),
		cmocka_unit_test(swapping_the_sides_reverses_the_result),
		cmocka_unit_test(
			needed_rounds_and_sessions_equal_the_documented_numbers),
		cmocka_unit_test(a_binomial_interval_is_found_for_all_counts),
		cmocka_unit_test(holm_never_exceeds_one_and_keeps_the_order),
	};

	return cmocka_run_group_tests_name("statistics", tests, make_dice,
					   drop_dice);
}
