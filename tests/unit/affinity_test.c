/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pinning on a machine with 2,048 CPUs. The two functions below replace those
 * of the C library, also for hwloc, and behave like such a kernel.
 */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "affinity.h"
#include "plan.h"

enum {
	CPUS = 2048,
	BYTES = CPUS / 8,
};

static struct {
	unsigned char thread[BYTES];  /* where the thread may run */
	unsigned char allowed[BYTES]; /* CPUs that this process may use */
	int set_errno, get_errno;     /* 0: the call works */
	bool moves; /* the call pins the thread to another CPU */
} kernel;

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask)
{
	assert_int_equal(pid, 0);
	errno = kernel.get_errno ? kernel.get_errno : EINVAL;
	if (kernel.get_errno || size < BYTES)
		return -1;
	memset(mask, 0, size);
	memcpy(mask, kernel.thread, BYTES);
	return 0;
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *mask)
{
	const unsigned char *wanted = (const unsigned char *)mask;
	unsigned char all = 0;

	assert_int_equal(pid, 0);
	errno = kernel.set_errno;
	if (kernel.set_errno)
		return -1;
	for (size_t i = 0; i < BYTES; i++) {
		kernel.thread[i] = kernel.allowed[i] &
				   (i < size ? wanted[i] : 0);
		all |= kernel.thread[i];
	}
	if (kernel.moves)
		kernel.thread[0] = 1;
	errno = EINVAL;
	return all ? 0 : -1;
}

static int boot(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	memset(kernel.allowed, 0xff, BYTES);
	memset(kernel.thread, 0xff, BYTES);
	return 0;
}

static void each_of_2048_cpus_can_be_pinned_to(void **state)
{
	(void)state;
	for (int cpu = 0; cpu < CPUS; cpu++) {
		hwloc_bitmap_t now;

		assert_int_equal(affinity_pin(cpu), 0);
		assert_int_equal(kernel.thread[cpu / 8], 1 << cpu % 8);
		now = affinity_allowed();
		assert_int_equal(hwloc_bitmap_weight(now), 1);
		assert_int_equal(hwloc_bitmap_first(now), cpu);
		hwloc_bitmap_free(now);
	}
}

static void all_2048_cpus_are_reported_as_allowed(void **state)
{
	hwloc_bitmap_t allowed = affinity_allowed();

	(void)state;
	assert_int_equal(hwloc_bitmap_weight(allowed), CPUS);
	assert_int_equal(hwloc_bitmap_last(allowed), CPUS - 1);
	hwloc_bitmap_free(allowed);
}

static void a_forbidden_or_missing_cpu_is_an_error(void **state)
{
	(void)state;
	kernel.allowed[1500 / 8] = 0;
	assert_int_equal(affinity_pin(1500), -EINVAL);
	assert_int_equal(affinity_pin(CPUS), -EINVAL);
	assert_int_equal(affinity_pin(1508), 0);
}

static void a_thread_pinned_to_a_wrong_cpu_is_noticed(void **state)
{
	(void)state;
	kernel.moves = true;
	assert_int_equal(affinity_pin(1024), 1);
	assert_int_equal(affinity_pin(0), 0);
}

static void a_call_refused_by_a_sandbox_keeps_its_errno(void **state)
{
	(void)state;
	kernel.set_errno = EPERM;
	assert_int_equal(affinity_pin(1024), -EPERM);
	kernel.set_errno = 0;
	kernel.get_errno = ENOSYS;
	assert_int_equal(affinity_pin(1024), -ENOSYS);
	assert_null(affinity_allowed());
	assert_int_equal(errno, ENOSYS);
}

static void
the_topology_is_refused_where_nobody_says_what_is_allowed(void **state)
{
	struct topology *topology;
	struct fault fault;

	(void)state;
	kernel.get_errno = EPERM;
	assert_int_equal(topology_load(&topology, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_UNFIT);
	assert_non_null(strstr(fault.text, "sched_getaffinity: Operation not "
					   "permitted"));
}

/* From the plan to the thread, CPUs have the numbers of the kernel. */
static void cells_are_placed_and_pinned_beyond_cpu_1024(void **state)
{
	static const char *const lines[] = {
		"--placement smt",
		"--placement llc",
		"--placement package",
		"--placement near",
		"--placement same-cpu",
		"--scenario stream --backend mutex --producers 64 "
		"--consumers 64 --placement near",
	};
	struct topology *topology;
	struct fault fault;
	struct plan plan;

	(void)state;
	assert_int_equal(
		topology_load_synthetic(
			&topology, "[numa] pack:4 l3:32 core:8 pu:2", &fault),
		0);
	plan_init(&plan, "large");
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(
			plan_parse_line(&plan, lines[i], topology, &fault), 0);
	assert_int_equal(plan.count, sizeof(lines) / sizeof(*lines));
	assert_int_equal(plan.cells[5].cpu_count, 128);
	for (size_t i = 0; i < plan.count; i++) {
		const struct cell *cell = &plan.cells[i];

		assert_true(cell->cpu_count > 0);
		for (int c = 0; c < cell->cpu_count; c++) {
			assert_true(cell->cpus[c] > 1024);
			assert_int_equal(affinity_pin(cell->cpus[c]), 0);
		}
	}
	plan_free(&plan);
	topology_free(topology);
}

#define TEST(name) cmocka_unit_test_setup(name, boot)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_of_2048_cpus_can_be_pinned_to),
		TEST(all_2048_cpus_are_reported_as_allowed),
		TEST(a_forbidden_or_missing_cpu_is_an_error),
		TEST(a_thread_pinned_to_a_wrong_cpu_is_noticed),
		TEST(a_call_refused_by_a_sandbox_keeps_its_errno),
		TEST(the_topology_is_refused_where_nobody_says_what_is_allowed),
		TEST(cells_are_placed_and_pinned_beyond_cpu_1024),
	};

	return cmocka_run_group_tests_name("affinity", tests, NULL, NULL);
}
