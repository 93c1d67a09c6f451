/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "facts.h"
#include "run.h"

static const struct {
	const char *name;
	const char *keys;
} known[] = {
	{ "machine", "host.caption" },
	{ "microcode", "host.cpu.microcode" },
	{ "kernel", "host.kernel.release" },
	{ "clock", "host.clock.source" },
	{ "governor", "host.idle.governor" },
	{ "revision", "program.revision" },
	{ "compiler", "program.compiler" },
	{ "flags", "program.flags" },
	{ "plan", "plan.name" },
	{ "plan's lines", "plan.lines" },
};

/* Adds a value to the list unless the list contains it. */
static void add(char list[FACT_MAX], const char *value)
{
	size_t length = strlen(list);

	if (*value && !strstr(list, value))
		snprintf(list + length, FACT_MAX - length, "%s%s",
			 length ? " | " : "", value);
}

/* Collects the values of a fact in all runs of a side. */
static void find(const struct side *side, const char *keys, char list[FACT_MAX])
{
	list[0] = '\0';
	for (size_t i = 0; i < side->with_facts; i++) {
		const json_t *value = run_json_at(side->facts[i], keys);
		const json_t *item;
		size_t at_item;

		if (json_is_string(value))
			add(list, json_string_value(value));
		json_array_foreach(value, at_item,
				   item) if (json_is_string(item))
			add(list, json_string_value(item));
	}
}

static void keep_difference(struct fact *facts, size_t *count, const char *name)
{
	struct fact *fact = &facts[*count];

	if (strcmp(fact->base, fact->new) == 0 || *count + 1 >= FACTS_MAX)
		return;
	snprintf(fact->name, sizeof(fact->name), "%.40s", name);
	(*count)++;
}

static void origins_of(const struct dataset *set, enum side_name side,
		       bool hosts, char list[FACT_MAX])
{
	list[0] = '\0';
	for (size_t i = 0; i < set->origin_count; i++)
		if (set->origins[i].on[side])
			add(list, hosts ? set->origins[i].host
					: set->origins[i].build);
}

static void compare_origins(const struct dataset *set, struct fact *facts,
			    size_t *count)
{
	for (int hosts = 1; hosts >= 0; hosts--) {
		origins_of(set, SIDE_BASELINE, hosts, facts[*count].base);
		origins_of(set, SIDE_CANDIDATE, hosts, facts[*count].new);
		keep_difference(facts, count, hosts ? "host" : "build");
	}
}

/* Compares the version of each library that a side lists. */
static void compare_libraries(const struct dataset *set, struct fact *facts,
			      size_t *count)
{
	for (int s = SIDE_BASELINE; s <= SIDE_CANDIDATE; s++) {
		const json_t *libraries = run_json_at(set->sides[s].facts[0],
						      "program.libraries");
		const char *name;
		json_t *value;
		void *place;

		for (place = json_object_iter((json_t *)libraries); place;
		     place = json_object_iter_next((json_t *)libraries,
						   place)) {
			char keys[96];

			name = json_object_iter_key(place);
			value = json_object_iter_value(place);
			/* This library was already compared. */
			if (!json_is_string(value) ||
			    (s == SIDE_CANDIDATE &&
			     json_object_get(run_json_at(set->sides[0].facts[0],
							 "program.libraries"),
					     name)))
				continue;
			snprintf(keys, sizeof(keys), "program.libraries.%.60s",
				 name);
			find(&set->sides[SIDE_BASELINE], keys,
			     facts[*count].base);
			find(&set->sides[SIDE_CANDIDATE], keys,
			     facts[*count].new);
			keep_difference(facts, count, name);
		}
	}
}

size_t facts_that_differ(const struct dataset *set,
			 struct fact facts[FACTS_MAX])
{
	size_t count = 0;

	compare_origins(set, facts, &count);
	if (!set->sides[SIDE_BASELINE].with_facts ||
	    !set->sides[SIDE_CANDIDATE].with_facts)
		return count;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		find(&set->sides[SIDE_BASELINE], known[i].keys,
		     facts[count].base);
		find(&set->sides[SIDE_CANDIDATE], known[i].keys,
		     facts[count].new);
		keep_difference(facts, &count, known[i].name);
	}
	compare_libraries(set, facts, &count);
	return count;
}

void facts_revision(const struct dataset *set, enum side_name side,
		    char text[FACT_MAX])
{
	find(&set->sides[side], "program.revision", text);
	/* Without a second revision, `ab` measures the working tree. */
	if (side == SIDE_CANDIDATE && strstr(text, "-dirty")) {
		text[0] = '\0';
		return;
	}
	/* `ab` can only build committed revisions. */
	if (!*text || strpbrk(text, " |?") || strstr(text, "dirty") ||
	    strcmp(text, "unknown") == 0)
		snprintf(text, FACT_MAX, "REV");
}

void facts_cells(const struct dataset *set, enum side_name side,
		 char text[FACT_MAX])
{
	char name[FACT_MAX];

	find(&set->sides[side], "plan.name", name);
	if (strcmp(name, "cells") == 0)
		find(&set->sides[side], "plan.lines", text);
	else
		snprintf(text, FACT_MAX, "--plan %.300s",
			 *name && !strpbrk(name, " |") ? name : "PLAN");
}
