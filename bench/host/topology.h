/* SPDX-License-Identifier: BSD-2-Clause */
/* Placements: the CPUs that threads run on. hwloc finds them among the allowed
 * CPUs. */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "fault.h"

struct hwloc_topology;

enum placement {
	PLACEMENT_SAME_CPU, /* all threads on one CPU */
	PLACEMENT_SMT,	    /* hardware threads of one core */
	PLACEMENT_LLC,	    /* different cores that share a last-level cache */
	PLACEMENT_PACKAGE,  /* one package, different last-level caches */
	PLACEMENT_ANY,	    /* not pinned */
	PLACEMENT_NEAR,	    /* the nearest other CPU */
	PLACEMENTS
};

enum {
	TOPOLOGY_REASON_MAX = 160,
};

extern const char *const placement_names[PLACEMENTS];

/* The meaning of the placement, for a heading; "" if there is no such
 * placement. */
const char *placement_meaning(const char *name);

struct topology;

/* Loads the topology of the CPUs that this process may use (limited by taskset,
 * cpusets and containers). */
int topology_load(struct topology **topology, struct fault *fault);

/* For tests: makes the topology of a machine in the notation of hwloc ("pack:2
 * l3:1 core:4 pu:2"). */
int topology_load_synthetic(struct topology **topology, const char *description,
			    struct fault *fault);
void topology_free(struct topology *topology);

/* Number of CPUs that this process may use. */
int topology_allowed(const struct topology *topology);

/* The underlying hwloc topology, for descriptions. */
struct hwloc_topology *topology_hwloc(const struct topology *topology);

/*
 * The first `room` CPUs (numbered as the kernel numbers them) of a placement,
 * in the order in which threads get them, in turn. Returns the number of CPUs,
 * 0 for PLACEMENT_ANY, or -1 with the reason why this machine does not support
 * the placement.
 */
int topology_place(const struct topology *topology, enum placement placement,
		   int *cpus, int room, char reason[TOPOLOGY_REASON_MAX]);

#endif
