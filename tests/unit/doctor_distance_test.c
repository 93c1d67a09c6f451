/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor's findings about made-up distances. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doctor_distance.h"
#include "ringbench_clock.h"

static struct watch watch;
static struct doctor doctor;

static void judge(int count, const double *ns)
{
	watch = (struct watch){ .cpus = { 1, 0 },
				.duration_ns = 2 * RINGBENCH_NS_PER_S,
				.count = count };
	for (int i = 0; i < count; i++)
		watch.ns[i] = ns[i];
	memset(&doctor, 0, sizeof(doctor));
	watch_judge(&watch, &doctor);
}

static void a_steady_distance_is_fine(void **state)
{
	(void)state;
	judge(3, (double[]){ 60, 80, 62 });
	assert_int_equal(doctor.count, 1);
	assert_int_equal(doctor.findings[0].verdict, DOCTOR_OK);
	assert_string_equal(doctor.findings[0].found,
			    "60 to 80 ns between CPU 1 and 0, 0 changes in 2 "
			    "s");
}

static void a_distance_that_changes_is_noted(void **state)
{
	(void)state;
	judge(5, (double[]){ 60, 60, 300, 310, 61 });
	assert_int_equal(watch_changes(&watch), 2);
	assert_int_equal(doctor.findings[0].verdict, DOCTOR_NOTE);
	assert_non_null(strstr(doctor.findings[0].found, "60 to 310 ns"));
	assert_non_null(strstr(doctor.findings[0].found, "2 changes"));
	assert_non_null(doctor.findings[0].reason);
}

static void one_cpu_has_no_distance(void **state)
{
	struct topology *topology;
	struct fault fault;

	(void)state;
	judge(0, NULL);
	assert_int_equal(doctor.count, 0);
	assert_int_equal(
		topology_load_synthetic(&topology, "core:1 pu:1", &fault), 0);
	assert_int_equal(watch_distance(&watch, topology, RINGBENCH_NS_PER_S),
			 0);
	assert_int_equal(watch.count, 0);
	topology_free(topology);
}

static void missing_cpus_are_an_error(void **state)
{
	struct topology *topology;
	struct fault fault;

	(void)state;
	assert_int_equal(
		topology_load_synthetic(&topology, "core:1000 pu:1", &fault),
		0);
	assert_true(watch_distance(&watch, topology, RINGBENCH_NS_PER_S) < 0);
	topology_free(topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_steady_distance_is_fine),
		cmocka_unit_test(a_distance_that_changes_is_noted),
		cmocka_unit_test(one_cpu_has_no_distance),
		cmocka_unit_test(missing_cpus_are_an_error),
	};

	return cmocka_run_group_tests_name("doctor distance", tests, NULL,
					   NULL);
}
