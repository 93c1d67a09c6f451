/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hwloc makes CPU masks with the length that the kernel needs. The calls need a
 * topology but do not read it, so it stays empty; loading it would take
 * milliseconds.
 */
#include <errno.h>
#include <hwloc.h>
#include <hwloc/linux.h>
#include <sched.h>

#include "affinity.h"

/* The kernel returns EINVAL for a mask that is too short. After any other error
 * hwloc would repeat the call for ever. */
int affinity_check(void)
{
	unsigned long mask;

	if (sched_getaffinity(0, sizeof(mask), (cpu_set_t *)&mask) == 0 ||
	    errno == EINVAL)
		return 0;
	return -errno;
}

static int read_cpus(hwloc_topology_t hwloc, hwloc_bitmap_t cpus)
{
	int error = affinity_check();

	if (error)
		return error;
	return hwloc_linux_get_tid_cpubind(hwloc, 0, cpus) == 0 ? 0 : -errno;
}

int affinity_pin(int cpu)
{
	hwloc_bitmap_t wanted = hwloc_bitmap_alloc();
	hwloc_bitmap_t found = hwloc_bitmap_alloc();
	hwloc_topology_t hwloc;
	int result = -ENOMEM;

	if (wanted && found && hwloc_topology_init(&hwloc) == 0) {
		hwloc_bitmap_only(wanted, (unsigned)cpu);
		result = hwloc_linux_set_tid_cpubind(hwloc, 0, wanted) == 0
				 ? read_cpus(hwloc, found)
				 : -errno;
		if (result == 0)
			result = !hwloc_bitmap_isequal(wanted, found);
		hwloc_topology_destroy(hwloc);
	}
	hwloc_bitmap_free(wanted);
	hwloc_bitmap_free(found);
	return result;
}

hwloc_bitmap_t affinity_allowed(void)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	hwloc_topology_t hwloc;
	int error = -ENOMEM;

	if (cpus && hwloc_topology_init(&hwloc) == 0) {
		error = read_cpus(hwloc, cpus);
		hwloc_topology_destroy(hwloc);
	}
	if (!error)
		return cpus;
	hwloc_bitmap_free(cpus);
	errno = -error;
	return NULL;
}
