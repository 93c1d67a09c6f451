/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "registry.h"
#include "roof.h"

const char *roof_name(const struct record *row)
{
	const struct scenario *scenario = registry_find_scenario(
		record_text(row, COLUMN_scenario));

	if (!scenario || !scenario->bound ||
	    registry_is_floor(record_text(row, COLUMN_backend)))
		return NULL;
	return scenario->bound(row);
}
static double rate(const struct group *group)
{
	return group_spread(group, COLUMN_throughput_msg_per_s).median;
}

void roofs_find(struct groups *groups)
{
	static const int except[] = { COLUMN_backend, COLUMN_capacity,
				      COLUMN_duration_ns };

	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->groups[i];
		const char *name = roof_name(group->example);

		for (size_t j = 0; name && j < groups->count; j++) {
			const struct group *roof = &groups->groups[j];

			if (strcmp(record_text(roof->example, COLUMN_backend),
				   name) == 0 &&
			    group_same_but(group, roof, except, 3) &&
			    rate(roof) > 0)
				group->roof = roof;
		}
	}
}

double roof_share(const struct group *group)
{
	if (!group->roof)
		return NAN;
	return rate(group) / rate(group->roof);
}
