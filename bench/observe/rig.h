/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes and frees the queues and workers of one phase; see scenario.h. */
#ifndef RIG_H
#define RIG_H

#include "scenario.h"

/* Creates everything and loads it; stop is the flag that ends the loops.
 * Returns 0 or -errno: -EINVAL is a capacity that the backend cannot have. */
int rig_create(struct rig *rig, const struct cell *cell, uint64_t limit,
	       const uint32_t *stop);

/* Whether the end is told by sentinels: sources look at the stop flag, the
 * stages behind them wait for theirs. */
bool rig_ends_by_sentinel(const struct rig *rig);

/* On how many CPUs the threads are pinned; 0: not pinned. */
int rig_cpus(const struct rig *rig);

/* Harmless on a rig of zeros. */
void rig_destroy(struct rig *rig);

/* Wakes every thread that waits on one of the queues. */
void rig_close(struct rig *rig);

#endif
