/* SPDX-License-Identifier: BSD-2-Clause */
/* Creates and frees the queues and workers of one phase; see scenario.h. */
#ifndef RIG_H
#define RIG_H

#include "scenario.h"

/*
 * Creates the queues and the workers and calls the scenario's load(). `stop` is
 * the flag that ends the loops. Returns 0 or -errno; -EINVAL: the backend
 * cannot have this capacity.
 */
int rig_create(struct rig *rig, const struct cell *cell, uint64_t limit,
	       const uint32_t *stop);

/*
 * Whether sentinels end the threads: sources read the stop flag, later stages
 * end when they pop a sentinel.
 */
bool rig_ends_by_sentinel(const struct rig *rig);

/* Number of CPUs that threads are pinned to; 0: not pinned. */
int rig_cpus(const struct rig *rig);

/* Does nothing on a zeroed rig. */
void rig_destroy(struct rig *rig);

/* Wakes every thread that waits on one of the queues. */
void rig_close(struct rig *rig);

#endif
