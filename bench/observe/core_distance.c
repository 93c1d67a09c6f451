/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "cell.h"
#include "core_distance.h"

static int cpu_of(const struct rig *rig, int thread)
{
	return rig->cell->cpus[thread % rig->cell->cpu_count];
}

static void add_pair(struct core_distance *distance, const struct rig *rig,
		     int first, int second)
{
	int a = cpu_of(rig, first), b = cpu_of(rig, second);

	if (a == b || distance->count == DISTANCE_PAIRS_MAX)
		return;
	for (int i = 0; i < distance->count; i++) {
		const int *cpus = distance->pairs[i].cpus;

		if ((cpus[0] == a && cpus[1] == b) ||
		    (cpus[0] == b && cpus[1] == a))
			return;
	}
	distance->pairs[distance->count++] = (struct distance_pair){
		.cpus = { a, b },
		.threads = { first, second },
	};
}

/*
 * The first role produces, the other roles consume; threads with equal roles
 * exchange messages with each other. The first pairs contain each thread once:
 * producer 0 and consumer 0, producer 1 and consumer 1, and so on.
 */
void core_distance_plan(struct core_distance *distance, const struct rig *rig)
{
	int producers = 1, consumers;

	memset(distance, 0, sizeof(*distance));
	if (!rig->cell->cpu_count)
		return;
	while (producers < rig->threads &&
	       strcmp(rig->parts[producers].role, rig->parts[0].role) == 0)
		producers++;
	consumers = rig->threads - producers;
	for (int shift = 0; shift < rig->threads; shift++)
		for (int i = 0; i < producers || i < consumers; i++) {
			int other = producers +
				    (i + shift) % (consumers ? consumers : 1);

			if (!consumers)
				other = (i + shift) % producers;
			add_pair(distance, rig, i % producers, other);
		}
}

static void set(struct record *record, int before, int after,
		const double ns[DISTANCE_WHENS])
{
	if (ns[DISTANCE_BEFORE] > 0)
		record_set_real(record, before, ns[DISTANCE_BEFORE]);
	if (ns[DISTANCE_AFTER] > 0)
		record_set_real(record, after, ns[DISTANCE_AFTER]);
}

/* Finds the largest distance of the pairs with this CPU; -1: of all pairs. */
static void find_largest(const struct core_distance *distance, int64_t cpu,
			 double ns[DISTANCE_WHENS])
{
	memset(ns, 0, DISTANCE_WHENS * sizeof(*ns));
	for (int i = 0; i < distance->count; i++) {
		const struct distance_pair *pair = &distance->pairs[i];

		if (cpu >= 0 && pair->cpus[0] != cpu && pair->cpus[1] != cpu)
			continue;
		for (int when = 0; when < DISTANCE_WHENS; when++)
			if (pair->ns[when] > ns[when])
				ns[when] = pair->ns[when];
	}
}

void core_distance_set(const struct core_distance *distance,
		       struct observation *observation)
{
	double ns[DISTANCE_WHENS];

	find_largest(distance, -1, ns);
	set(&observation->result, COLUMN_line_before_ns, COLUMN_line_after_ns,
	    ns);
	for (int i = 0; i < observation->thread_count; i++) {
		struct record *thread = &observation->threads[i];

		if (!record_has(thread, THREAD_cpu))
			continue;
		find_largest(distance, record_integer(thread, THREAD_cpu), ns);
		set(thread, THREAD_line_before_ns, THREAD_line_after_ns, ns);
	}
}
