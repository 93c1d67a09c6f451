/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "readings.h"

static const char *const backends[] = { "mutex", "python" };
static const char *const waits[] = { "poll", "sleep:1ms", "block",
				     "timeout:1ms" };
static const char *const placements[] = { "same-cpu", "llc", "near", "any" };

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Whether a thread with this wait policy waits inside the call of get(). */
static bool is_inside_get(const char *wait)
{
	return strncmp(wait, "block", 5) == 0 ||
	       strncmp(wait, "timeout", 7) == 0 ||
	       strncmp(wait, "park", 4) == 0;
}

static double share_of_cpu(const struct group *group)
{
	double busy = group_spread(group, COLUMN_busy_ns).median;
	double idle = group_spread(group, COLUMN_wait_empty_ns).median +
		      group_spread(group, COLUMN_wait_full_ns).median;

	return group_spread(group, COLUMN_cpu_ns).median / (busy + idle);
}

static double share_of_running(const struct group *group)
{
	return 1 - group_spread(group, COLUMN_idle_share).median;
}

static void print_row(const struct group *group, FILE *to)
{
	const char *wait = record_text(group->example, COLUMN_wait);
	double right = share_of_running(group);

	fprintf(to, "%-12s%-13s%-9s%16.1f%%%15.1f%%%11.1f%%\n", wait,
		record_text(group->example, COLUMN_backend),
		record_text(group->example, COLUMN_placement),
		100 * (is_inside_get(wait) ? 1 : right), 100 * right,
		100 * share_of_cpu(group));
}

void readings_print(const struct run *run, FILE *to)
{
	const struct group *blocked = NULL;
	bool wrote = false;

	for (size_t i = 0;
	     i < COUNT_OF(waits) * COUNT_OF(backends) * COUNT_OF(placements);
	     i++) {
		struct run_query query = {
			.scenario = "pingpong",
			.wait = waits[i / COUNT_OF(placements) /
				      COUNT_OF(backends)],
			.backend = backends[i / COUNT_OF(placements) %
					    COUNT_OF(backends)],
			.placement = placements[i % COUNT_OF(placements)],
			.queues = 2,
		};
		const struct group *group = run_find(run, &query);

		if (!group)
			continue;
		if (!wrote)
			fprintf(to,
				"\nShare of the time that counts as running, "
				"measured in three ways\n"
				"%-12s%-13s%-9s%17s%16s%12s\n",
				"wait", "backend", "placement",
				"clock before get", "clock after get",
				"CPU time");
		wrote = true;
		print_row(group, to);
		if (strcmp(query.wait, "block") == 0 && !blocked)
			blocked = group;
	}
	if (blocked)
		fprintf(to,
			"The tutorial first starts its clock before get(), so "
			"sleeping inside get()\ncounts as running. It then "
			"starts the clock after get(), which is right:\n"
			"with block, the first way reports 100 %% running, but "
			"the threads used\na CPU for only %.0f %% of the time. "
			"A polling thread uses its CPU while "
			"it waits;\nonly the last column shows this.\n",
			100 * share_of_cpu(blocked));
}
