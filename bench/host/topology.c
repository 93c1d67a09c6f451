/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the CPUs of placements in hwloc's tree. A placement needs CPUs that
 * share one part of the machine (such as a cache) and differ in another (such
 * as the core).
 */
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
	int kind; /* rank of the kind of core; the fastest kind has the highest
		     rank */
	int nearness; /* depth in the tree of the deepest part that contains
			 this CPU and the first CPU */
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

/* Placements that are groups of CPUs: the part that the CPUs share, and the
 * part in which they differ. */
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
				"no package has allowed CPUs with different "
				"last-level caches" },
};

static int load(struct topology **topology, const char *synthetic,
		struct fault *fault)
{
	/* Without both flags hwloc would include CPUs that taskset has
	 * excluded. */
	const unsigned long allowed_only =
		HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
		HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING;
	struct topology *new = calloc(1, sizeof(*new));
	int error = affinity_check();

	if (error) {
		free(new);
		return fault_set(fault, EXIT_UNFIT,
				 "topology: cannot read the CPUs that this "
				 "process may use: sched_getaffinity: %s; "
				 "allow this system call in the sandbox",
				 strerror(-error));
	}
	if (!new || hwloc_topology_init(&new->hwloc)) {
		free(new);
		return fault_set(fault, EXIT_UNFIT,
				 "topology: cannot start hwloc: it found no "
				 "memory; free some memory");
	}
	if (synthetic && hwloc_topology_set_synthetic(new->hwloc, synthetic)) {
		topology_free(new);
		return fault_set(
			fault, EXIT_USAGE,
			"topology: hwloc cannot parse '%s'; see 'Synthetic "
			"topologies' in the manual of hwloc",
			synthetic);
	}
	if ((!synthetic &&
	     hwloc_topology_set_flags(new->hwloc, allowed_only)) ||
	    hwloc_topology_load(new->hwloc)) {
		topology_free(new);
		return fault_set(fault, EXIT_UNFIT,
				 "topology: hwloc cannot read the topology of "
				 "this machine; run `lstopo` for details");
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

/* If hwloc cannot rank the kinds of cores, all cores have the same kind. */
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
 * Unknown parts are replaced: a CPU without a core counts as a core, a CPU
 * without a package belongs to package 0, and a CPU without a cache shares a
 * cache with its package.
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
 * Threads get the last CPUs first, because the first CPU handles the kernel's
 * timekeeping and most interrupts. On hybrid processors the last CPUs are slow,
 * so the kind of core is compared first.
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

/* Collects the group of one CPU, at most members[count]. Returns the size of
 * the group. */
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

/* Collects the largest group. Among groups of equal size, chooses the group of
 * the preferred CPU. */
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

/* The CPU of the fastest kind that has the nearest neighbour. */
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
 * Sorts all CPUs by their distance from the first CPU. The deeper the common
 * part in the tree (machine, package, die, cache, core), the nearer is the CPU.
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

/* Chooses the CPUs of the placement, at most chosen[count]. Returns the number
 * of CPUs. */
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
