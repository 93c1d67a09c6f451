/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_files.h"
#include "host_ticks.h"

const char *const host_tick_names[HOST_TICKS] = {
	[TICK_USER] = "user",	    [TICK_NICE] = "nice",
	[TICK_SYSTEM] = "system",   [TICK_IDLE] = "idle",
	[TICK_IOWAIT] = "iowait",   [TICK_IRQ] = "irq",
	[TICK_SOFTIRQ] = "softirq", [TICK_STEAL] = "steal",
	[TICK_GUEST] = "guest",	    [TICK_GUEST_NICE] = "guest_nice",
};

/* Whether the line "cpu ..." or "cpu7 ..." is one of the requested CPUs.
 * *numbers: the rest of the line. */
static bool wanted(const char *line, hwloc_const_bitmap_t cpus,
		   const char **numbers)
{
	char *end;
	unsigned long cpu;

	*numbers = line + strlen("cpu");
	if (!isdigit((unsigned char)**numbers))
		return !cpus;
	cpu = strtoul(*numbers, &end, 10);
	*numbers = end;
	return cpus && hwloc_bitmap_isset(cpus, (unsigned)cpu);
}

static void add(const char *numbers, int64_t ticks[HOST_TICKS])
{
	for (int i = 0; i < HOST_TICKS; i++) {
		char *end;
		long long number = strtoll(numbers, &end, 10);

		if (end == numbers)
			return;
		ticks[i] = (ticks[i] < 0 ? 0 : ticks[i]) + number;
		numbers = end;
	}
}

/* The lines of the CPUs come first. The other lines, which have a number for
 * each interrupt, are not read. */
bool host_ticks(hwloc_const_bitmap_t cpus, int64_t ticks[HOST_TICKS])
{
	FILE *file = host_open("/proc/stat");
	const char *numbers;
	bool found = false;
	char *line = NULL;
	size_t room = 0;

	for (int i = 0; i < HOST_TICKS; i++)
		ticks[i] = -1;
	if (!file)
		return false;
	while (getline(&line, &room, file) > 0 && !strncmp(line, "cpu", 3))
		if (wanted(line, cpus, &numbers)) {
			add(numbers, ticks);
			found = true;
		}
	free(line);
	fclose(file);
	return found;
}
