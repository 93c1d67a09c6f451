/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting of made-up gaps, and consistency of a real spin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ringbench_clock.h"
#include "doctor_spin.h"

enum {
	WIDTH = 80,
	MANY_CPUS = 64,
};

/* Returns the result of one second of spinning with these gaps. */
static struct gaps gaps_of(const int64_t *times, size_t count)
{
	struct gaps gaps = { .elapsed_ns = RINGBENCH_NS_PER_S,
			     .runqueue_ns = -1 };

	gaps_set_usual(&gaps, 30);
	for (size_t i = 0; i < count; i++)
		gaps_add(&gaps, times[i]);
	return gaps;
}

static void a_gap_is_at_least_1_us_and_10_times_the_usual_time(void **state)
{
	struct gaps gaps = gaps_of((int64_t[]){ 999, 1000 }, 2);

	(void)state;
	assert_int_equal(gaps.counts[0], 1);
	assert_int_equal(gaps.lost_ns, 970);
	/* A slow clock. */
	gaps_set_usual(&gaps, 700);
	assert_int_equal(gaps.limit_ns, 7000);
	gaps_add(&gaps, 6999);
	assert_int_equal(gaps.counts[1], 0);
	gaps_add(&gaps, 7000);
	assert_int_equal(gaps.counts[1], 1);
}

static void every_gap_is_in_the_right_bucket(void **state)
{
	(void)state;
	for (size_t i = 0; i < GAP_BUCKETS; i++) {
		int64_t low = gap_lows_ns[i];
		struct gaps gaps = gaps_of((int64_t[]){ low, 2 * low }, 2);

		assert_int_equal(gaps.counts[i], 2);
	}
}

static void lost_time_and_the_longest_gap_are_kept(void **state)
{
	struct gaps gaps = gaps_of((int64_t[]){ 4 * RINGBENCH_NS_PER_MS + 30,
						6 * RINGBENCH_NS_PER_MS + 30 },
				   2);

	(void)state;
	assert_int_equal(gaps.longest_ns, 6 * RINGBENCH_NS_PER_MS + 30);
	assert_float_equal(gaps_share(&gaps), 0.01, 1e-9);
	gaps.elapsed_ns = 0;
	assert_float_equal(gaps_share(&gaps), 0, 0);
}

static const char *verdict_of(struct gaps *gaps, double steal_share,
			      size_t which)
{
	int cpu = 0;
	struct spin spin = { RINGBENCH_NS_PER_S, 1, &cpu, gaps, steal_share };
	struct doctor doctor = { .count = 0 };

	spin_judge(&spin, &doctor);
	assert_int_equal(doctor.count, 2);
	return doctor_verdicts[doctor.findings[which].verdict];
}

static void much_lost_time_or_one_long_gap_is_a_warning(void **state)
{
	struct gaps gaps = gaps_of(NULL, 0);

	(void)state;
	assert_string_equal(verdict_of(&gaps, 0, 0), "ok");
	gaps = gaps_of((int64_t[]){ RINGBENCH_NS_PER_MS - 1 }, 1);
	assert_string_equal(verdict_of(&gaps, 0, 0), "ok");
	gaps = gaps_of((int64_t[]){ RINGBENCH_NS_PER_MS }, 1);
	assert_string_equal(verdict_of(&gaps, 0, 0), "note");
	gaps = gaps_of((int64_t[]){ 10 * RINGBENCH_NS_PER_MS }, 1);
	assert_string_equal(verdict_of(&gaps, 0, 0), "warn");
	gaps = gaps_of((int64_t[]){ 900000 }, 1);
	gaps.elapsed_ns = 10 * RINGBENCH_NS_PER_MS;
	assert_string_equal(verdict_of(&gaps, 0, 0), "warn");
}

static void steal_while_spinning_is_a_finding_if_known(void **state)
{
	struct gaps gaps = gaps_of(NULL, 0);

	(void)state;
	assert_string_equal(verdict_of(&gaps, -1, 1), "unknown");
	assert_string_equal(verdict_of(&gaps, 0, 1), "ok");
	assert_string_equal(verdict_of(&gaps, 0.005, 1), "note");
	assert_string_equal(verdict_of(&gaps, 0.01, 1), "warn");
}

/* Returns the output of spin_print(). */
static char *printed(const struct spin *spin)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	spin_print(spin, to);
	fclose(to);
	return text;
}

static void charts_are_narrow_and_few(void **state)
{
	struct gaps gaps[MANY_CPUS];
	struct spin spin = { 2 * RINGBENCH_NS_PER_S, MANY_CPUS, NULL, gaps, 0 };
	int cpus[MANY_CPUS];
	char *text, *rest;

	(void)state;
	spin.cpus = cpus;
	for (int i = 0; i < MANY_CPUS; i++) {
		gaps[i] = gaps_of((int64_t[]){ 2000, 40000 * (i + 1) }, 2);
		gaps[i].counts[0] = UINT64_C(1) << i;
		gaps[i].runqueue_ns = RINGBENCH_NS_PER_MS;
		cpus[i] = i;
	}
	text = printed(&spin);
	assert_non_null(strstr(text, "CPU 63: "));
	assert_non_null(strstr(text, "CPU 56: "));
	assert_null(strstr(text, "CPU 55: "));
	assert_non_null(strstr(text, "56 more CPUs lost less"));
	for (char *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		if (strlen(line) > WIDTH)
			fail_msg("wide: %s", line);
	free(text);
}

static void a_real_spin_lasts_as_long_as_requested(void **state)
{
	struct spin spin;
	json_t *json;

	(void)state;
	assert_int_equal(spin_run(&spin, RINGBENCH_NS_PER_MS), 0);
	assert_true(spin.count >= 1);
	for (int i = 0; i < spin.count; i++) {
		const struct gaps *gaps = &spin.gaps[i];
		uint64_t count = 0;

		assert_true(gaps->elapsed_ns >= RINGBENCH_NS_PER_MS);
		assert_true(gaps->lost_ns <= gaps->elapsed_ns);
		assert_true(gaps->longest_ns <= gaps->elapsed_ns);
		for (size_t b = 0; b < GAP_BUCKETS; b++)
			count += gaps->counts[b];
		assert_int_equal(count > 0, gaps->longest_ns > 0);
	}
	json = spin_json(&spin);
	assert_int_equal(json_array_size(json_object_get(json, "cpus")),
			 spin.count);
	json_decref(json);
	spin_free(&spin);
	assert_int_equal(spin.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_gap_is_at_least_1_us_and_10_times_the_usual_time),
		cmocka_unit_test(every_gap_is_in_the_right_bucket),
		cmocka_unit_test(lost_time_and_the_longest_gap_are_kept),
		cmocka_unit_test(much_lost_time_or_one_long_gap_is_a_warning),
		cmocka_unit_test(steal_while_spinning_is_a_finding_if_known),
		cmocka_unit_test(charts_are_narrow_and_few),
		cmocka_unit_test(a_real_spin_lasts_as_long_as_requested),
	};

	return cmocka_run_group_tests_name("doctor_spin", tests, NULL, NULL);
}
