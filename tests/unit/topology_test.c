/* SPDX-License-Identifier: BSD-2-Clause */
/* Placements on made-up machines, and on the CPUs of this machine that taskset
 * allows. */
#include <hwloc.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "topology.h"

/* Without [numa] hwloc 2.9 adds it, by a memcpy that valgrind objects to. */
static const char single[] = "[numa] pack:1 l3:1 core:1 pu:1";
static const char two_cores[] = "[numa] pack:1 l3:1 core:2 pu:1";
static const char smt[] = "[numa] pack:1 l3:1 core:2 pu:2";
static const char two_caches[] = "[numa] pack:1 l3:2 core:2 pu:1";
static const char two_packages[] = "[numa] pack:2 l3:2 core:2 pu:2";
static const char no_cache[] = "[numa] pack:2 core:2 pu:1";
static const char private_caches[] = "[numa] pack:1 core:1 l2:2 pu:1";
static const char private_cores[] = "[numa] pack:1 l2:2 core:1 pu:1";
static const char only_cpus[] = "[numa] pu:3";
static const char large[] = "[numa] pack:2 l3:1 core:40 pu:2";

static struct topology *make(const char *description)
{
	struct topology *topology;
	struct fault fault;

	assert_int_equal(
		topology_load_synthetic(&topology, description, &fault), 0);
	return topology;
}

/* Returns the CPUs of a placement as text, or the reason why the placement is
 * not possible. */
static const char *place_on(const struct topology *topology,
			    enum placement placement)
{
	static char text[1024];
	char reason[TOPOLOGY_REASON_MAX];
	int cpus[128];
	int count = topology_place(topology, placement, cpus, 128, reason);
	size_t length = 0;
	int i;

	if (count < 0)
		return strcpy(text, reason);
	*text = '\0';
	for (i = 0; i < count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "%s%d", i ? " " : "", cpus[i]);
	return text;
}

static const char *place(const char *description, enum placement placement)
{
	struct topology *topology = make(description);
	const char *text = place_on(topology, placement);

	topology_free(topology);
	return text;
}

static void every_placement_has_its_name(void **state)
{
	static const char *const names[] = { "same-cpu", "smt", "llc",
					     "package",	 "any", "near" };
	int i;

	(void)state;
	for (i = 0; i < PLACEMENTS; i++)
		assert_string_equal(placement_names[i], names[i]);
}

static void a_single_cpu_has_only_itself(void **state)
{
	static const char reason[] = "only one CPU is allowed";

	(void)state;
	assert_string_equal(place(single, PLACEMENT_SAME_CPU), "0");
	assert_string_equal(place(single, PLACEMENT_ANY), "");
	assert_string_equal(place(single, PLACEMENT_SMT), reason);
	assert_string_equal(place(single, PLACEMENT_LLC), reason);
	assert_string_equal(place(single, PLACEMENT_PACKAGE), reason);
	assert_string_equal(place(single, PLACEMENT_NEAR), reason);
}

static void same_cpu_avoids_the_boot_cpu(void **state)
{
	(void)state;
	assert_string_equal(place(two_cores, PLACEMENT_SAME_CPU), "1");
	assert_string_equal(place(two_packages, PLACEMENT_SAME_CPU), "15");
}

static void any_pins_to_no_cpu(void **state)
{
	(void)state;
	assert_string_equal(place(two_packages, PLACEMENT_ANY), "");
}

static void smt_takes_the_threads_of_one_core(void **state)
{
	(void)state;
	assert_string_equal(place(smt, PLACEMENT_SMT), "3 2");
	assert_string_equal(place(two_packages, PLACEMENT_SMT), "15 14");
}

static void smt_is_refused_without_hardware_threads(void **state)
{
	(void)state;
	assert_string_equal(place(two_cores, PLACEMENT_SMT),
			    "no core has two allowed hardware threads");
	assert_string_equal(place(only_cpus, PLACEMENT_SMT),
			    "no core has two allowed hardware threads");
}

static void llc_takes_one_cpu_of_each_core_below_one_cache(void **state)
{
	(void)state;
	assert_string_equal(place(two_cores, PLACEMENT_LLC), "1 0");
	assert_string_equal(place(smt, PLACEMENT_LLC), "3 1");
	assert_string_equal(place(two_caches, PLACEMENT_LLC), "3 2");
	assert_string_equal(place(two_packages, PLACEMENT_LLC), "15 13");
}

static void llc_uses_the_package_if_no_cache_is_known(void **state)
{
	(void)state;
	assert_string_equal(place(no_cache, PLACEMENT_LLC), "3 2");
	assert_string_equal(place(only_cpus, PLACEMENT_LLC), "2 1 0");
}

static void llc_is_refused_when_every_core_has_its_own_cache(void **state)
{
	(void)state;
	assert_string_equal(place(private_cores, PLACEMENT_LLC),
			    "no two allowed cores share a last-level cache");
}

static void llc_is_refused_when_only_one_core_is_there(void **state)
{
	(void)state;
	assert_string_equal(place(private_caches, PLACEMENT_LLC),
			    "no two allowed cores share a last-level cache");
}

static void package_takes_one_cpu_of_each_cache_in_it(void **state)
{
	(void)state;
	assert_string_equal(place(two_caches, PLACEMENT_PACKAGE), "3 1");
	assert_string_equal(place(two_packages, PLACEMENT_PACKAGE), "15 11");
}

static void package_is_refused_with_one_cache_in_each(void **state)
{
	static const char reason[] =
		"no package has allowed CPUs with different last-level caches";

	(void)state;
	assert_string_equal(place(smt, PLACEMENT_PACKAGE), reason);
	assert_string_equal(place(no_cache, PLACEMENT_PACKAGE), reason);
}

static void near_goes_from_the_same_core_outwards(void **state)
{
	(void)state;
	assert_string_equal(place(two_cores, PLACEMENT_NEAR), "1 0");
	assert_string_equal(place(smt, PLACEMENT_NEAR), "3 2 1 0");
	assert_string_equal(place(two_packages, PLACEMENT_NEAR),
			    "15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0");
}

static void near_follows_the_machine_and_not_the_numbers(void **state)
{
	(void)state;
	assert_string_equal(
		place("[numa] pack:2 l3:1 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)",
		      PLACEMENT_NEAR),
		"7 3 6 2 5 4 1 0");
}

static void a_large_machine_does_not_overflow_the_buffer(void **state)
{
	struct topology *topology = make(large);
	char reason[TOPOLOGY_REASON_MAX];
	int cpus[200];

	(void)state;
	assert_int_equal(topology_allowed(topology), 160);
	cpus[64] = -7;
	assert_int_equal(
		topology_place(topology, PLACEMENT_NEAR, cpus, 64, reason), 64);
	assert_int_equal(cpus[64], -7);
	assert_int_equal(
		topology_place(topology, PLACEMENT_NEAR, cpus, 200, reason),
		160);
	assert_int_equal(
		topology_place(topology, PLACEMENT_LLC, cpus, 200, reason), 40);
	topology_free(topology);
}

/* Restricts a made-up machine to these CPUs, as taskset restricts a real
 * machine. */
static struct topology *make_restricted(const char *description,
					const char *allowed)
{
	struct topology *topology = make(description);
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	hwloc_bitmap_list_sscanf(cpus, allowed);
	assert_int_equal(
		hwloc_topology_restrict(topology_hwloc(topology), cpus, 0), 0);
	hwloc_bitmap_free(cpus);
	return topology;
}

static void near_starts_at_the_closest_pair_of_allowed_cpus(void **state)
{
	struct topology *topology = make_restricted(two_packages, "2,4,5,15");

	(void)state;
	assert_int_equal(topology_allowed(topology), 4);
	assert_string_equal(place_on(topology, PLACEMENT_NEAR), "5 4 2 15");
	assert_string_equal(place_on(topology, PLACEMENT_SAME_CPU), "15");
	topology_free(topology);
}

static void the_largest_group_is_chosen(void **state)
{
	struct topology *topology = make_restricted(
		"[numa] pack:2 l3:1 core:4 pu:1", "0-3,6-7");

	(void)state;
	assert_string_equal(place_on(topology, PLACEMENT_LLC), "3 2 1 0");
	topology_free(topology);
}

static void mark_fast(struct topology *topology, const char *fast)
{
	hwloc_topology_t hwloc = topology_hwloc(topology);
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	hwloc_bitmap_list_sscanf(cpus, fast);
	hwloc_cpukinds_register(hwloc, cpus, 2, 0, NULL, 0);
	hwloc_bitmap_andnot(cpus, hwloc_topology_get_topology_cpuset(hwloc),
			    cpus);
	hwloc_cpukinds_register(hwloc, cpus, 1, 0, NULL, 0);
	hwloc_bitmap_free(cpus);
}

static void a_hybrid_processor_starts_with_its_fast_cores(void **state)
{
	struct topology *topology = make("[numa] pack:1 l3:1 core:4 pu:1");

	(void)state;
	mark_fast(topology, "0-1");
	assert_string_equal(place_on(topology, PLACEMENT_SAME_CPU), "1");
	assert_string_equal(place_on(topology, PLACEMENT_LLC), "1 0 3 2");
	assert_string_equal(place_on(topology, PLACEMENT_NEAR), "1 0 3 2");
	topology_free(topology);
}

static void near_prefers_a_fast_core_to_a_closer_pair(void **state)
{
	struct topology *topology = make_restricted(
		"[numa] pack:1 l3:1 l2:2 core:2 pu:1", "0,2-3");

	(void)state;
	assert_string_equal(place_on(topology, PLACEMENT_NEAR), "3 2 0");
	mark_fast(topology, "0");
	assert_string_equal(place_on(topology, PLACEMENT_NEAR), "0 3 2");
	topology_free(topology);
}

static void a_wrong_description_is_a_usage_error(void **state)
{
	struct topology *topology;
	struct fault fault;

	(void)state;
	assert_int_equal(topology_load_synthetic(&topology, "nonsense", &fault),
			 -1);
	assert_int_equal(fault.exit_code, EXIT_USAGE);
	assert_non_null(strstr(fault.text, "'nonsense'"));
	assert_null(strchr(fault.text, '\n'));
}

static void this_machine_counts_its_allowed_cpus(void **state)
{
	struct topology *topology;
	struct fault fault;
	cpu_set_t allowed;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	assert_int_equal(topology_load(&topology, &fault), 0);
	assert_int_equal(topology_allowed(topology), CPU_COUNT(&allowed));
	topology_free(topology);
}

static void only_the_cpu_of_the_affinity_is_used(void **state)
{
	struct topology *topology;
	struct fault fault;
	cpu_set_t allowed, one;
	char number[16];
	int cpu;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
		assert_int_equal(topology_load(&topology, &fault), 0);
		snprintf(number, sizeof(number), "%d", cpu);
		assert_int_equal(topology_allowed(topology), 1);
		assert_string_equal(place_on(topology, PLACEMENT_SAME_CPU),
				    number);
		assert_string_equal(place_on(topology, PLACEMENT_LLC),
				    "only one CPU is allowed");
		topology_free(topology);
	}
	assert_int_equal(sched_setaffinity(0, sizeof(allowed), &allowed), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_placement_has_its_name),
		cmocka_unit_test(a_single_cpu_has_only_itself),
		cmocka_unit_test(same_cpu_avoids_the_boot_cpu),
		cmocka_unit_test(any_pins_to_no_cpu),
		cmocka_unit_test(smt_takes_the_threads_of_one_core),
		cmocka_unit_test(smt_is_refused_without_hardware_threads),
		cmocka_unit_test(
			llc_takes_one_cpu_of_each_core_below_one_cache),
		cmocka_unit_test(llc_uses_the_package_if_no_cache_is_known),
		cmocka_unit_test(
			llc_is_refused_when_every_core_has_its_own_cache),
		cmocka_unit_test(llc_is_refused_when_only_one_core_is_there),
		cmocka_unit_test(package_takes_one_cpu_of_each_cache_in_it),
		cmocka_unit_test(package_is_refused_with_one_cache_in_each),
		cmocka_unit_test(near_goes_from_the_same_core_outwards),
		cmocka_unit_test(near_follows_the_machine_and_not_the_numbers),
		cmocka_unit_test(a_large_machine_does_not_overflow_the_buffer),
		cmocka_unit_test(
			near_starts_at_the_closest_pair_of_allowed_cpus),
		cmocka_unit_test(the_largest_group_is_chosen),
		cmocka_unit_test(a_hybrid_processor_starts_with_its_fast_cores),
		cmocka_unit_test(near_prefers_a_fast_core_to_a_closer_pair),
		cmocka_unit_test(a_wrong_description_is_a_usage_error),
		cmocka_unit_test(this_machine_counts_its_allowed_cpus),
		cmocka_unit_test(only_the_cpu_of_the_affinity_is_used),
	};

	return cmocka_run_group_tests_name("topology", tests, NULL, NULL);
}
