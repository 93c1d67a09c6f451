/* SPDX-License-Identifier: BSD-2-Clause */
/* Chooses the core distance at which sentences describe the cells of a place.
 */
#include <math.h>
#include <stdlib.h>

#include "groups.h"

/* The groups in a class. */
struct in_class {
	size_t groups;
	size_t long_groups; /* with GROUP_ROUNDS_MIN rounds or more */
	size_t rounds;
};

/* Returns the chosen class of the place. */
static uint32_t choose_class(const struct place *place,
			     const struct in_class *classes)
{
	uint32_t end = place->first_class + place->class_count;
	uint32_t most = place->first_class;
	size_t cells = 0;

	for (uint32_t c = place->first_class; c < end; c++) {
		if (classes[c].groups > cells)
			cells = classes[c].groups;
		if (classes[c].rounds > classes[most].rounds)
			most = c;
	}
	/* The classes are in the order of their distances. */
	for (uint32_t c = place->first_class; c < end; c++)
		if (classes[c].long_groups &&
		    2 * classes[c].long_groups >= cells)
			return c;
	return most;
}

/* Whether the group comes before another group of its cell. */
static bool is_before(const struct group *group, const struct group *other,
		      const bool *chosen)
{
	if (chosen[group->class] != chosen[other->class])
		return chosen[group->class];
	return isnan(other->distance_ns) ||
	       group->distance_ns <= other->distance_ns;
}

void groups_choose(struct groups *groups)
{
	static const int except[] = { COLUMN_distance_ns };
	const struct distances *distances = &groups->set.distances;
	struct in_class *classes = calloc(distances->class_count + 1,
					  sizeof(*classes));
	bool *chosen = calloc(distances->class_count + 1, sizeof(*chosen));

	if (!classes || !chosen)
		abort();
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];
		struct in_class *class = &classes[group->class];

		class->groups++;
		class->long_groups += group->count >= GROUP_ROUNDS_MIN;
		class->rounds += group->count;
	}
	for (size_t p = 0; p < distances->lookup.count; p++)
		chosen[choose_class(&distances->places[p], classes)] = true;
	chosen[CLASS_UNKNOWN] = false;
	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->groups[i];

		group->represents_cell = true;
		for (size_t k = 0; k < groups->count; k++)
			if (k != i &&
			    group_same_but(group, &groups->groups[k], except,
					   1) &&
			    !is_before(group, &groups->groups[k], chosen))
				group->represents_cell = false;
	}
	free(classes);
	free(chosen);
}
