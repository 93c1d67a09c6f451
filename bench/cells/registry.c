/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "cell.h"

bool registry_contender(size_t position, struct contender *contender)
{
	memset(contender, 0, sizeof(*contender));
	if (position < registry_backend_count) {
		contender->backend = registry_backends[position];
		contender->id = contender->backend->id;
		contender->summary = contender->backend->summary;
		return true;
	}
	position -= registry_backend_count;
	if (position >= registry_external_count)
		return false;
	contender->external = &registry_externals[position];
	contender->id = contender->external->id;
	contender->summary = contender->external->summary;
	return true;
}

bool registry_find_contender(const char *id, struct contender *contender)
{
	for (size_t i = 0; registry_contender(i, contender); i++)
		if (strcmp(contender->id, id) == 0)
			return true;
	for (const struct left_out *it = registry_left_out; it->id; it++)
		if (strcmp(it->id, id) == 0) {
			contender->id = it->id;
			contender->needs = it->package;
			return true;
		}
	return false;
}

bool registry_is_floor(const char *id)
{
	struct contender contender;

	return registry_find_contender(id, &contender) && contender.backend &&
	       contender.backend->flags & BACKEND_FLOOR;
}

int column_of(const char *name)
{
	int column = schema_find(&results_schema, name);

	if (column < 0)
		abort(); /* a scenario contains a misspelt name */
	return column;
}

loop_function *rig_loop(const struct rig *rig, const char *name)
{
	const struct loop *loop = rig->backend->loops;

	while (loop->name && strcmp(loop->name, name) != 0)
		loop++;
	if (!loop->name)
		abort(); /* a scenario contains a misspelt name */
	return loop->by_wait[rig->cell->wait.kind];
}

const struct scenario *registry_find_scenario(const char *id)
{
	for (size_t i = 0; i < registry_scenario_count; i++)
		if (strcmp(registry_scenarios[i]->id, id) == 0)
			return registry_scenarios[i];
	return NULL;
}
