/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "cell.h"

bool registry_choice(size_t position, struct backend_choice *choice)
{
	memset(choice, 0, sizeof(*choice));
	if (position < registry_backend_count) {
		choice->backend = registry_backends[position];
		choice->id = choice->backend->id;
		choice->summary = choice->backend->summary;
		return true;
	}
	position -= registry_backend_count;
	if (position >= registry_external_count)
		return false;
	choice->external = &registry_externals[position];
	choice->id = choice->external->id;
	choice->summary = choice->external->summary;
	return true;
}

bool registry_find_choice(const char *id, struct backend_choice *choice)
{
	for (size_t i = 0; registry_choice(i, choice); i++)
		if (strcmp(choice->id, id) == 0)
			return true;
	for (const struct left_out *it = registry_left_out; it->id; it++)
		if (strcmp(it->id, id) == 0) {
			choice->id = it->id;
			choice->needs = it->package;
			return true;
		}
	return false;
}

bool registry_is_not_a_queue(const char *id)
{
	struct backend_choice choice;

	return registry_find_choice(id, &choice) && choice.backend &&
	       choice.backend->flags & BACKEND_NOT_A_QUEUE;
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
	/* cppcheck-suppress CastIntegerToAddressAtReturn */
	return loop->by_wait[rig->cell->wait.kind];
}

loop_function *rig_value_loop(const struct rig *rig, const char *name)
{
	const struct value_loop *loop = rig->backend->value_loops;
	char full[CELL_TEXT_MAX];

	snprintf(full, sizeof(full), "%s_%zu_%s", name, rig->value_bytes,
		 wait_names[rig->cell->wait.kind]);
	while (loop->name && strcmp(loop->name, full) != 0)
		loop++;
	if (!loop->name)
		abort(); /* a scenario did not refuse the cell */
	/* cppcheck-suppress CastIntegerToAddressAtReturn */
	return loop->function;
}

const struct scenario *registry_find_scenario(const char *id)
{
	for (size_t i = 0; i < registry_scenario_count; i++)
		if (strcmp(registry_scenarios[i]->id, id) == 0)
			return registry_scenarios[i];
	return NULL;
}
