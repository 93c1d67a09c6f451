/* SPDX-License-Identifier: BSD-2-Clause */
/* The plan that recommend measures fits into its budget. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ringbench_clock.h"
#include "trial.h"

static struct topology *topology;

static int load(void **state)
{
	struct fault fault;

	(void)state;
	return topology_load_synthetic(&topology, "pack:1 l3:1 core:4 pu:1",
				       &fault);
}

static int unload(void **state)
{
	(void)state;
	topology_free(topology);
	return 0;
}

/* The rounds of the plan, or 0 if it does not fit. */
static int64_t rounds_within(const struct wishes *wishes, int64_t seconds,
			     struct fault *fault)
{
	struct unmeasured unmeasured;
	struct plan plan;
	int64_t rounds;

	if (trial_plan(&plan, wishes, seconds * RINGBENCH_NS_PER_S, topology,
		       &unmeasured, fault) != 0)
		return 0;
	assert_true(plan_seconds(&plan, plan.rounds) <= (double)seconds);
	rounds = plan.rounds;
	plan_free(&plan);
	return rounds;
}

static void every_longer_budget_is_enough(void **state)
{
	struct wishes wishes;
	struct fault fault;

	(void)state;
	wishes_init(&wishes);
	wishes.rate = 50000;
	for (int threads = 1; threads <= 2; threads++) {
		wishes.producers = threads;
		for (int64_t seconds = 30; seconds <= 300; seconds++)
			assert_true(rounds_within(&wishes, seconds, &fault) >=
				    TRIAL_ROUNDS_MIN);
	}
}

static void only_some_of_the_queues_without_time_are_named(void **state)
{
	struct unmeasured unmeasured;
	struct wishes wishes;
	struct fault fault;
	struct plan plan;
	size_t names = 1;

	(void)state;
	wishes_init(&wishes);
	wishes.rate = 1000;
	wishes.percentile = "p99";
	assert_int_equal(trial_plan(&plan, &wishes, 90 * RINGBENCH_NS_PER_S,
				    topology, &unmeasured, &fault),
			 0);
	plan_free(&plan);
	/* The build has at least these queues without the first one. */
	assert_true(unmeasured.count > TRIAL_NAMED_MAX);
	for (const char *at = unmeasured.names; (at = strchr(at, ',')); at++)
		names++;
	assert_int_equal(names, TRIAL_NAMED_MAX);
}

static void a_refused_budget_names_one_that_is_enough(void **state)
{
	struct wishes wishes;
	struct fault fault;
	const char *budget;

	(void)state;
	wishes_init(&wishes);
	wishes.rate = 50000;
	wishes.percentile = "p50";
	assert_int_equal(rounds_within(&wishes, 2, &fault), 0);
	/* A percentile below p50 does not exist. */
	assert_null(strstr(fault.text, "lower percentile"));
	budget = strstr(fault.text, "--budget ");
	assert_non_null(budget);
	assert_true(
		rounds_within(&wishes,
			      strtol(budget + strlen("--budget "), NULL, 10),
			      &fault) >= TRIAL_ROUNDS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_longer_budget_is_enough),
		cmocka_unit_test(
			only_some_of_the_queues_without_time_are_named),
		cmocka_unit_test(a_refused_budget_names_one_that_is_enough),
	};

	return cmocka_run_group_tests_name("trial", tests, load, unload);
}
