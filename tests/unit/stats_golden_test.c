/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares every statistic with values of other programs, made on Debian 12 by
 * Rscript tests/golden/statistics.R r-base-core 4.2.2.20221110-2, r-cran-coin
 * 1.4-2-1+b1 /usr/bin/python3 tests/golden/statistics.py python3-scipy 1.10.1-2
 * The test needs neither. For large samples, the other programs and this
 * project use the normal distribution with the continuity correction.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "quantiles.h"
#include "rank_sum.h"
#include "signed_rank.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const double d[] = { 0.031,  -0.012, 0.054, 0.027, 0.008, 0.041,
			    -0.019, 0.065,  0.022, 0.037, 0.049, -0.005 };
static const double tied[] = { 3, -1, 2, 2, 0, 5, -2, 4, 1, 1, 0, 3, -3, 2 };
static const double a[] = { 17.23, 16.81, 17.95, 18.42, 16.37, 17.04 };
static const double b[] = { 18.11, 18.77, 17.52, 19.36, 18.03, 18.69, 17.88 };
static const double ta[] = { 1, 2, 2, 3, 3, 4 };
static const double tb[] = { 2, 3, 4, 4, 5, 6, 6 };

static void assert_near(double found, double golden)
{
	if (!(fabs(found - golden) <= 1e-10 * fmax(1, fabs(golden))))
		fail_msg("%.13g is not %.13g", found, golden);
}

static void assert_estimate(struct estimate found, double value, double low,
			    double high, double coverage)
{
	assert_true(found.has_interval);
	assert_near(found.value, value);
	assert_near(found.low, low);
	assert_near(found.high, high);
	assert_near(found.coverage, coverage);
}

static void the_signed_rank_test_equals_that_of_r(void **state)
{
	struct test test = signed_rank_test(d, COUNT_OF(d));

	(void)state;
	assert_true(test.exact);
	assert_int_equal(test.n, 12);
	assert_near(test.statistic, 70);
	assert_near(test.p, 0.01220703125);
	assert_estimate(signed_rank_estimate(d, 12, 0.95), 0.0255, 0.0075,
			0.0435, 0.95751953125);
	assert_estimate(signed_rank_estimate(d, 12, 0.90), 0.0255, 0.0095,
			0.0405, 0.90771484375);
}

static void the_signed_rank_test_with_ties_equals_coin_and_scipy(void **s)
{
	struct test test = signed_rank_test(tied, COUNT_OF(tied));

	(void)s;
	assert_int_equal(test.n, 12); /* two zeros are dropped */
	assert_near(test.statistic, 61.5);
	assert_near(test.p, 0.0859375);
}

static void the_signed_rank_test_of_many_values_equals_that_of_r(void **state)
{
	double large[260];
	struct test test;

	(void)state;
	for (int i = 0; i < 260; i++)
		large[i] = sin(i + 1) + 0.1;
	test = signed_rank_test(large, 260);
	assert_false(test.exact);
	assert_near(test.statistic, 20393);
	assert_near(test.p, 4.74355032279e-03);
}

static void the_sign_test_equals_that_of_r(void **state)
{
	(void)state;
	assert_near(sign_test(d, COUNT_OF(d)).p, 0.14599609375);
	assert_near(sign_test(tied, COUNT_OF(tied)).p, 0.14599609375);
	assert_int_equal(sign_test(tied, COUNT_OF(tied)).n, 12);
	assert_estimate(sign_estimate(d, 12, 0.95), 0.029, -0.005, 0.049,
			0.96142578125);
}

static void the_rank_sum_test_equals_that_of_r(void **state)
{
	struct test test = rank_sum_test(a, COUNT_OF(a), b, COUNT_OF(b));

	(void)state;
	assert_true(test.exact);
	assert_near(test.statistic, 36);
	assert_near(test.p, 0.034965034965035);
	assert_estimate(rank_sum_estimate(a, COUNT_OF(a), b, COUNT_OF(b), 0.95),
			1.03, 0.08, 1.96, 0.965034965034965);
}

/*
 * scipy doubles the smaller tail, like this project. coin adds all values that
 * are at least as far from the mean, on both sides, which gives 0.0501165501166
 * here.
 */
static void the_rank_sum_test_with_ties_equals_that_of_scipy(void **state)
{
	struct test test = rank_sum_test(ta, COUNT_OF(ta), tb, COUNT_OF(tb));

	(void)state;
	assert_near(test.statistic, 35);
	assert_near(test.p, 0.05710955710955711);
}

static void the_rank_sum_test_of_many_values_equals_that_of_r(void **state)
{
	double left[40], right[40];
	struct test test;

	(void)state;
	for (int i = 0; i < 40; i++) {
		left[i] = sin(i + 1);
		right[i] = cos(i + 1) + 0.3;
	}
	test = rank_sum_test(left, 40, right, 40);
	assert_false(test.exact);
	assert_near(test.statistic, 981);
	assert_near(test.p, 0.0824115216557);
	for (int i = 0; i < 40; i++) {
		left[i] = nearbyint(2 * sin(i + 1));
		right[i] = nearbyint(2 * cos(i + 1)) + 1;
	}
	test = rank_sum_test(left, 40, right, 40);
	assert_near(test.statistic, 1067);
	assert_near(test.p, 9.13509278988e-03);
}

static void holm_s_correction_equals_that_of_r(void **state)
{
	double p[] = { 0.01, 0.02, 0.03, 0.04, 0.0011, 0.5 };
	static const double golden[] = { 0.05, 0.08, 0.09, 0.09, 0.0066, 0.5 };

	(void)state;
	holm_adjust(p, COUNT_OF(p));
	for (size_t i = 0; i < COUNT_OF(p); i++)
		assert_near(p[i], golden[i]);
}

static void the_quantiles_of_t_equal_those_of_r(void **state)
{
	(void)state;
	assert_near(t_quantile(0.975, 11), 2.20098516009);
	assert_near(t_quantile(1 - 0.05 / 40, 5), 5.60416547850);
	assert_near(t_quantile(0.975, 1), 12.70620473617);
}

static void the_binomial_interval_equals_that_of_r(void **state)
{
	static const struct {
		size_t hits, tries;
		double low, high;
	} golden[] = {
		{ 0, 20, 0, 0.168433470983 },
		{ 3, 20, 0.0320709371855, 0.3789268265453 },
		{ 20, 20, 0.831566529017, 1 },
		{ 11, 400, 0.0138061302342, 0.0486715489081 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(golden); i++) {
		struct estimate found = binomial_interval(
			golden[i].hits, golden[i].tries, 0.95);

		assert_near(found.low, golden[i].low);
		assert_near(found.high, golden[i].high);
	}
}

static void the_geometric_mean_equals_that_of_r(void **state)
{
	double logarithms[] = { log(1.02), log(0.97), log(1.3), log(0.8) };

	(void)state;
	assert_near(geometric_mean(logarithms, 4), 1.00716659122);
}

static void the_smallest_p_equals_that_of_r(void **state)
{
	(void)state;
	assert_near(rank_sum_least_p(4, 4), 0.0285714285714);
	assert_near(rank_sum_least_p(6, 6), 0.0021645021645);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signed_rank_test_equals_that_of_r),
		cmocka_unit_test(
			the_signed_rank_test_with_ties_equals_coin_and_scipy),
		cmocka_unit_test(
			the_signed_rank_test_of_many_values_equals_that_of_r),
		cmocka_unit_test(the_sign_test_equals_that_of_r),
		cmocka_unit_test(the_rank_sum_test_equals_that_of_r),
		cmocka_unit_test(
			the_rank_sum_test_with_ties_equals_that_of_scipy),
		cmocka_unit_test(
			the_rank_sum_test_of_many_values_equals_that_of_r),
		cmocka_unit_test(holm_s_correction_equals_that_of_r),
		cmocka_unit_test(the_quantiles_of_t_equal_those_of_r),
		cmocka_unit_test(the_binomial_interval_equals_that_of_r),
		cmocka_unit_test(the_geometric_mean_equals_that_of_r),
		cmocka_unit_test(the_smallest_p_equals_that_of_r),
	};

	return cmocka_run_group_tests_name("golden statistics", tests, NULL,
					   NULL);
}
