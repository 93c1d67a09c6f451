/* SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "host_files.h"
#include "host_parts.h"
#include "surroundings.h"

/* The CPUs that the loops run on; without pinning, all allowed ones. */
static void list_cpus(const struct cell *cell, cpu_set_t *cpus)
{
	CPU_ZERO(cpus);
	for (int i = 0; i < cell->cpu_count; i++)
		CPU_SET(cell->cpus[i], cpus);
	if (cell->cpu_count == 0)
		sched_getaffinity(0, sizeof(*cpus), cpus);
}

/*
 * The eighth number of the lines cpu0, cpu1... of /proc/stat, which come
 * first: the rest, with a number for each interrupt, is not looked at.
 */
static int64_t read_steal(const cpu_set_t *cpus)
{
	char path[HOST_PATH_MAX];
	char *line = NULL;
	size_t room = 0;
	int64_t sum = -1;
	FILE *file;

	host_path(path, "/proc/stat");
	file = fopen(path, "re");
	if (!file)
		return -1;
	while (getline(&line, &room, file) > 0 && !strncmp(line, "cpu", 3)) {
		long long ticks;
		int cpu;

		if (sscanf(line, "cpu%d %*d %*d %*d %*d %*d %*d %*d %lld", &cpu,
			   &ticks) != 2 ||
		    cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, cpus))
			continue;
		sum = (sum < 0 ? 0 : sum) + ticks;
	}
	free(line);
	fclose(file);
	return sum;
}

static int64_t number_of(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

void surroundings_read(struct surroundings *surroundings,
		       const struct cell *cell)
{
	json_t *throttled = host_cgroup_throttled();
	cpu_set_t cpus;

	list_cpus(cell, &cpus);
	surroundings->throttled = number_of(throttled, "throttled");
	surroundings->throttled_ns = number_of(throttled, "throttled_ns");
	surroundings->steal_ticks = read_steal(&cpus);
	surroundings->cpus = CPU_COUNT(&cpus);
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
