/* SPDX-License-Identifier: BSD-2-Clause */
/* Placements from hwloc's tree: CPUs with one part in common, one apart. */
#include <hwloc.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "affinity.h"
#include "topology.h"

struct topology {
	hwloc_topology_t hwloc;
};

enum part {
	PART_CPU,
	PART_CORE,
	PART_CACHE, /* the last-level cache */
	PART_PACKAGE,
	PARTS
};

/* An allowed CPU and the parts of the machine that it belongs to. */
struct spot {
	hwloc_obj_t cpu;
	int kind;	       /* rank among the kinds of cores, fastest last */
	int nearness;	       /* depth of what it shares with the first CPU */
	uint64_t parts[PARTS]; /* numbers that are unique in the machine */
};

const char *const placement_names[PLACEMENTS] = {
	[PLACEMENT_SAME_CPU] = "same-cpu", [PLACEMENT_SMT] = "smt",
	[PLACEMENT_LLC] = "llc",	   [PLACEMENT_PACKAGE] = "package",
	[PLACEMENT_ANY] = "any",	   [PLACEMENT_NEAR] = "near",
};

const char *placement_meaning(const char *name)
{
	static const char *const meanings[PLACEMENTS] = {
		[PLACEMENT_SAME_CPU] = "all threads on one CPU",
		[PLACEMENT_SMT] = "the two hardware threads of one core",
		[PLACEMENT_LLC] = "cores that share a last-level cache",
		[PLACEMENT_PACKAGE] =
			"different last-level caches of one package",
		[PLACEMENT_ANY] = "not pinned",
		[PLACEMENT_NEAR] = "each thread on the nearest other CPU",
	};

	for (int i = 0; i < PLACEMENTS; i++)
		if (strcmp(placement_names[i], name) == 0)
			return meanings[i];
	return "";
}

/* Placements that are groups: one part in common, another one of its own. */
static const struct {
	enum part common;
	enum part own;
	const char *reason;
} groups[PLACEMENTS] = {
	[PLACEMENT_SMT] = { PART_CORE, PART_CPU,
			    "no core has two allowed hardware threads" },
	[PLACEMENT_LLC] = { PART_CACHE, PART_CORE,
			    "no two allowed cores share a last-level cache" },
	[PLACEMENT_PACKAGE] = { PART_PACKAGE, PART_CACHE,
				"no package has allowed CPUs below two "
				"last-level caches" },
};

static int load(struct topology **topology, const char *synthetic,
		struct fault *fault)
{
	/* Without both flags hwloc would ignore what taskset has forbidden. */
	const unsigned long allowed_only =
		HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
		HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING;
	struct topology *new = calloc(1, sizeof(*new));
	int error = affinity_check();

	if (error) {
		free(new);
		return fault_set(fault, EXIT_UNFIT,
				 "topology: the system does not say which CPUs "
				 "this process may use: sched_getaffinity: %s; "
				 "allow that in the sandbox",
				 strerror(-error));
	}
	if (!new || hwloc_topology_init(&new->hwloc)) {
		free(new);
		return fault_set(fault, EXIT_UNFIT,
				 "topology: hwloc does not start: free some "
				 "memory");
	}
	if (synthetic && hwloc_topology_set_synthetic(new->hwloc, synthetic)) {
		topology_free(new);
		return fault_set(fault, EXIT_USAGE,
				 "topology: hwloc does not understand '%s': "
				 "see 'Synthetic topologies' in its manual",
				 synthetic);
	}
	if ((!synthetic &&
	     hwloc_topology_set_flags(new->hwloc, allowed_only)) ||
	    hwloc_topology_load(new->hwloc)) {
		topology_free(new);
		return fault_set(fault, EXIT_UNFIT,
				 "topology: hwloc cannot read this machine: "
				 "see what `lstopo` says");
	}
	*topology = new;
	return 0;
}

int topology_load(struct topology **topology, struct fault *fault)
{
	return load(topology, NULL, fault);
}

int topology_load_synthetic(struct topology **topology, const char *description,
			    struct fault *fault)
{
	return load(topology, description, fault);
}

void topology_free(struct topology *topology)
{
	if (!topology)
		return;
	hwloc_topology_destroy(topology->hwloc);
	free(topology);
}

int topology_allowed(const struct topology *topology)
{
	return hwloc_get_nbobjs_by_type(topology->hwloc, HWLOC_OBJ_PU);
}

struct hwloc_topology *topology_hwloc(const struct topology *topology)
{
	return topology->hwloc;
}

/* Kinds that hwloc cannot rank count as one. */
static int kind_of(hwloc_topology_t hwloc, hwloc_obj_t cpu)
{
	int kind = hwloc_cpukinds_get_by_cpuset(hwloc, cpu->cpuset, 0);
	int efficiency = -1;

	if (kind < 0 || hwloc_cpukinds_get_info(hwloc, kind, NULL, &efficiency,
						NULL, NULL, 0))
		return 0;
	return efficiency < 0 ? 0 : efficiency;
}

/*
 * What hwloc does not know is replaced by the nearest thing that it does: a
 * CPU without a core is a core, one without a package is in the only one, and
 * where no cache is known, the package counts as sharing one.
 */
static struct spot spot_of(hwloc_topology_t hwloc, hwloc_obj_t cpu)
{
	struct spot spot = { .cpu = cpu, .kind = kind_of(hwloc, cpu) };
	hwloc_obj_t core = cpu;
	hwloc_obj_t cache = NULL;
	hwloc_obj_t package = hwloc_get_root_obj(hwloc);
	hwloc_obj_t up;

	for (up = cpu->parent; up; up = up->parent) {
		if (up->type == HWLOC_OBJ_CORE)
			core = up;
		else if (hwloc_obj_type_is_dcache(up->type))
			cache = up;
		else if (up->type == HWLOC_OBJ_PACKAGE)
			package = up;
	}
	spot.parts[PART_CPU] = cpu->gp_index;
	spot.parts[PART_CORE] = core->gp_index;
	spot.parts[PART_CACHE] = (cache ? cache : package)->gp_index;
	spot.parts[PART_PACKAGE] = package->gp_index;
	return spot;
}

/*
 * CPUs are handed out from the last to the first, because the boot CPU keeps
 * the kernel's time and gets the interrupts that nobody has moved. The last
 * CPUs of a hybrid processor are its slow ones, so the kind goes first.
 */
static int compare_preference(const void *a, const void *b)
{
	const struct spot *left = a;
	const struct spot *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? 1 : -1;
	return left->cpu->os_index < right->cpu->os_index ? 1 : -1;
}

static int compare_nearness(const void *a, const void *b)
{
	const struct spot *left = a;
	const struct spot *right = b;

	if (left->nearness != right->nearness)
		return left->nearness < right->nearness ? 1 : -1;
	return compare_preference(a, b);
}

static bool has_part(struct spot *const *members, int count, enum part part,
		     const struct spot *spot)
{
	int i;

	for (i = 0; i < count; i++)
		if (members[i]->parts[part] == spot->parts[part])
			return true;
	return false;
}

/* The group around one CPU, members[count] at most. Returns its size. */
static int gather(struct spot *spots, int count, const struct spot *around,
		  enum part common, enum part own, struct spot **members)
{
	int size = 0;
	int i;

	for (i = 0; i < count; i++)
		if (spots[i].parts[common] == around->parts[common] &&
		    !has_part(members, size, own, &spots[i]))
			members[size++] = &spots[i];
	return size;
}

/* The largest group; among equals the one of the preferred CPU. */
static int gather_largest(struct spot *spots, int count, enum part common,
			  enum part own, struct spot **largest)
{
	struct spot **members = calloc((size_t)count, sizeof(*members));
	struct spot **firsts = calloc((size_t)count, sizeof(*firsts));
	int groups_seen = 0;
	int best = 0;
	int size;
	int i;

	if (!members || !firsts)
		abort();
	for (i = 0; i < count; i++) {
		if (has_part(firsts, groups_seen, common, &spots[i]))
			continue;
		firsts[groups_seen++] = &spots[i];
		size = gather(spots, count, &spots[i], common, own, members);
		if (size <= best)
			continue;
		best = size;
		memcpy(largest, members, (size_t)size * sizeof(*members));
	}
	free(members);
	free(firsts);
	return best;
}

static int shared_depth(hwloc_topology_t hwloc, const struct spot *a,
			const struct spot *b)
{
	return hwloc_get_common_ancestor_obj(hwloc, a->cpu, b->cpu)->depth;
}

/* The CPU, among those of the fastest kind, that has the nearest neighbour. */
static const struct spot *find_first(hwloc_topology_t hwloc,
				     const struct spot *spots, int count)
{
	const struct spot *first = spots;
	int nearest = -1;
	int i, j;

	for (i = 0; i < count && spots[i].kind == spots[0].kind; i++) {
		for (j = 0; j < count; j++) {
			int depth = shared_depth(hwloc, &spots[i], &spots[j]);

			if (i == j || depth <= nearest)
				continue;
			nearest = depth;
			first = &spots[i];
		}
	}
	return first;
}

/*
 * All CPUs, by what they share with the first one. The deepest common part of
 * the tree is the nearest: a core, a cache, a die, a package, the machine.
 */
static void sort_by_nearness(hwloc_topology_t hwloc, struct spot *spots,
			     int count)
{
	const struct spot first = *find_first(hwloc, spots, count);
	int i;

	for (i = 0; i < count; i++)
		spots[i].nearness = spots[i].cpu == first.cpu
					    ? INT_MAX
					    : shared_depth(hwloc, &first,
							   &spots[i]);
	qsort(spots, (size_t)count, sizeof(*spots), compare_nearness);
}

static int refuse(char reason[TOPOLOGY_REASON_MAX], const char *text)
{
	snprintf(reason, TOPOLOGY_REASON_MAX, "%s", text);
	return -1;
}

/* The CPUs of the placement, chosen[count] at most. Returns how many. */
static int place(hwloc_topology_t hwloc, enum placement placement,
		 struct spot *spots, int count, struct spot **chosen,
		 char reason[TOPOLOGY_REASON_MAX])
{
	int size;
	int i;

	if (placement != PLACEMENT_SAME_CPU && count < 2)
		return refuse(reason, "only one CPU is allowed");
	if (placement == PLACEMENT_SAME_CPU || placement == PLACEMENT_NEAR) {
		size = placement == PLACEMENT_NEAR ? count : 1;
		if (placement == PLACEMENT_NEAR)
			sort_by_nearness(hwloc, spots, count);
		for (i = 0; i < size; i++)
			chosen[i] = &spots[i];
		return size;
	}
	size = gather_largest(spots, count, groups[placement].common,
			      groups[placement].own, chosen);
	return size < 2 ? refuse(reason, groups[placement].reason) : size;
}

int topology_place(const struct topology *topology, enum placement placement,
		   int *cpus, int room, char reason[TOPOLOGY_REASON_MAX])
{
	int count = topology_allowed(topology);
	struct spot *spots, **chosen;
	int size;
	int i;

	if (placement == PLACEMENT_ANY)
		return 0;
	spots = calloc((size_t)count, sizeof(*spots));
	chosen = calloc((size_t)count, sizeof(struct spot *));
	if (!spots || !chosen)
		abort();
	for (i = 0; i < count; i++)
		spots[i] = spot_of(topology->hwloc,
				   hwloc_get_obj_by_type(topology->hwloc,
							 HWLOC_OBJ_PU,
							 (unsigned int)i));
	qsort(spots, (size_t)count, sizeof(*spots), compare_preference);
	size = place(topology->hwloc, placement, spots, count, chosen, reason);
	for (i = 0; i < size && i < room; i++)
		cpus[i] = (int)chosen[i]->cpu->os_index;
	free(chosen);
	free(spots);
	return size < room ? size : room;
}
