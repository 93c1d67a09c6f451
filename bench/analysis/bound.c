/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "registry.h"
#include "bound.h"

const char *bound_name(const struct record *row)
{
	const struct scenario *scenario = registry_find_scenario(
		record_text(row, COLUMN_scenario));

	if (!scenario || !scenario->bound ||
	    registry_is_not_a_queue(record_text(row, COLUMN_backend)))
		return NULL;
	return scenario->bound(row);
}

static double objective(const struct group *group)
{
	return group_spread(group, objective_of(group->example)).median;
}

void bounds_find(struct groups *groups)
{
	/* The end of the window has no effect on the rate in the window. */
	static const int except[] = { COLUMN_backend, COLUMN_capacity,
				      COLUMN_duration_ns, COLUMN_stop };

	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->groups[i];
		const char *name = bound_name(group->example);

		for (size_t j = 0; name && j < groups->count; j++) {
			const struct group *bound = &groups->groups[j];

			if (strcmp(record_text(bound->example, COLUMN_backend),
				   name) == 0 &&
			    group_same_but(group, bound, except, 4) &&
			    objective(bound) > 0)
				group->bound = bound;
		}
	}
}

double bound_share(const struct group *group)
{
	if (!group->bound)
		return NAN;
	return objective(group) / objective(group->bound);
}
