/* SPDX-License-Identifier: BSD-2-Clause */
#include <unistd.h>

#include "affinity.h"
#include "ringbench_clock.h"
#include "host_parts.h"
#include "host_ticks.h"
#include "surroundings.h"

/* The CPUs of the loops; all allowed CPUs if the threads are not pinned. */
static hwloc_bitmap_t list_cpus(const struct cell *cell)
{
	hwloc_bitmap_t cpus = cell->cpu_count ? hwloc_bitmap_alloc()
					      : affinity_allowed();

	for (int i = 0; cpus && i < cell->cpu_count; i++)
		hwloc_bitmap_set(cpus, (unsigned)cell->cpus[i]);
	return cpus;
}

static int64_t number_of(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

void surroundings_read(struct surroundings *surroundings,
		       const struct cell *cell)
{
	json_t *throttled = host_cgroup_throttled();
	hwloc_bitmap_t cpus = list_cpus(cell);
	int64_t ticks[HOST_TICKS];

	surroundings->throttled = number_of(throttled, "throttled");
	surroundings->throttled_ns = number_of(throttled, "throttled_ns");
	surroundings->steal_ticks = surroundings->idle_ticks = -1;
	surroundings->cpus = cpus ? hwloc_bitmap_weight(cpus) : 0;
	if (cpus && host_ticks(cpus, ticks)) {
		surroundings->steal_ticks = ticks[TICK_STEAL];
		surroundings->idle_ticks = ticks[TICK_IDLE] +
					   ticks[TICK_IOWAIT];
	}
	hwloc_bitmap_free(cpus);
	json_decref(throttled);
}

void surroundings_flag(const struct surroundings *before,
		       const struct surroundings *after, struct record *result)
{
	int64_t tick_ns = RINGBENCH_NS_PER_S / sysconf(_SC_CLK_TCK);
	int64_t stolen_ns = (after->steal_ticks - before->steal_ticks) *
			    tick_ns;
	int64_t time_ns = after->cpus *
			  record_integer(result, COLUMN_elapsed_ns);

	if (after->throttled > before->throttled ||
	    after->throttled_ns > before->throttled_ns)
		record_add_name(result, COLUMN_flags, "throttled");
	if (before->steal_ticks >= 0 && after->steal_ticks >= 0 &&
	    stolen_ns > time_ns / 100)
		record_add_name(result, COLUMN_flags, "steal");
}
