/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "affinity.h"
#include "cell.h"
#include "board.h"
#include "guards.h"
#include "ringbench_memory.h"
#include "ringbench_shared_memory.h"
#include "rig.h"

/* The channel, and the queue behind it, in memory that processes share. */
static int create_shared_channel(struct rig *rig)
{
	const struct backend *backend = rig->backend;
	size_t capacity = (size_t)rig->cell->capacity;
	size_t bytes = backend->shared_bytes(capacity, rig->value_bytes);
	size_t head = RIG_QUEUES_MAX * sizeof(*rig->channels);
	int error;

	rig->queues = 0;
	if (bytes == 0)
		return -EINVAL;
	rig->channels = ringbench_alloc_shared(head + bytes);
	if (!rig->channels)
		return -ENOMEM;
	rig->channels_bytes = head + bytes;
	error = backend->create_shared(&rig->channels[0],
				       (char *)rig->channels + head, capacity,
				       rig->value_bytes);
	rig->queues = !error;
	return error;
}

static int create_channels(struct rig *rig)
{
	int wanted = rig->queues;
	int error = 0;

	rig->queues = 0; /* from here, the number of queues that exist */
	rig->channels = ringbench_alloc_lines(RIG_QUEUES_MAX *
					      sizeof(*rig->channels));
	if (!rig->channels)
		return -ENOMEM;
	while (!error && rig->queues < wanted) {
		struct channel *channel = &rig->channels[rig->queues];
		size_t capacity = (size_t)rig->cell->capacity;

		error = rig->value_bytes
				? rig->backend->create_value(channel, capacity,
							     rig->value_bytes)
				: rig->backend->create(channel, capacity);
		rig->queues += !error;
	}
	return error;
}

bool rig_ends_by_sentinel(const struct rig *rig)
{
	return rig->cell->stop == STOP_SENTINEL ||
	       rig->cell->scenario->sentinel_only;
}

int rig_cpus(const struct rig *rig)
{
	const struct cell *cell = rig->cell;
	int used = cell->cpu_count < rig->threads ? cell->cpu_count
						  : rig->threads;
	int distinct = 0;

	for (int i = 0; i < used; i++) {
		int j = 0;

		while (cell->cpus[j] != cell->cpus[i])
			j++;
		distinct += j == i;
	}
	return distinct;
}

/*
 * The number of CPUs that the threads have. Threads that are not pinned may use
 * all allowed CPUs.
 */
static int usable_cpus(const struct rig *rig)
{
	int cpus = rig_cpus(rig);
	hwloc_bitmap_t allowed = cpus ? NULL : affinity_allowed();

	if (allowed) {
		cpus = hwloc_bitmap_weight(allowed);
		hwloc_bitmap_free(allowed);
	}
	return cpus;
}

static void set_up_workers(struct rig *rig, uint64_t limit,
			   const uint32_t *stop)
{
	static const uint32_t never RINGBENCH_ALIGNED;
	bool waits = rig_ends_by_sentinel(rig);
	int cpus = usable_cpus(rig);

	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		worker->stop = waits && rig->parts[i].stage ? &never : stop;
		worker->limit = limit;
		worker->crowded = rig->threads > 2 * cpus;
		worker->one_cpu = cpus == 1;
		worker->wait_ns = rig->cell->wait.ns;
		waitclock_init(&worker->empty, (unsigned)i);
		waitclock_init(&worker->full, (unsigned)i);
	}
}

int rig_create(struct rig *rig, const struct cell *cell, uint64_t limit,
	       const uint32_t *stop)
{
	int error;

	guards_forget();
	memset(rig, 0, sizeof(*rig));
	rig->cell = cell;
	rig->stop = stop;
	rig->backend = cell->choice.backend;
	rig->threads = cell_threads(cell);
	cell->scenario->shape(rig);
	rig->workers = board()->workers;
	memset(rig->workers, 0, (size_t)rig->threads * sizeof(*rig->workers));
	error = rig->processes && rig->queues ? create_shared_channel(rig)
					      : create_channels(rig);
	if (!error) {
		set_up_workers(rig, limit, stop);
		error = cell->scenario->load(rig);
	}
	if (error)
		rig_destroy(rig);
	return error;
}

void rig_destroy(struct rig *rig)
{
	if (!rig->cell)
		return; /* already destroyed, or never created */
	for (int i = 0; i < rig->queues && !rig->channels_bytes; i++)
		rig->backend->destroy(&rig->channels[i]);
	if (rig->cell->scenario->unload)
		rig->cell->scenario->unload(rig);
	else
		free(rig->state);
	if (rig->channels_bytes)
		ringbench_free_shared(rig->channels, rig->channels_bytes);
	else
		free(rig->channels);
	memset(rig, 0, offsetof(struct rig, reason));
}

void rig_close(struct rig *rig)
{
	for (int i = 0; i < rig->queues; i++)
		rig->backend->close(&rig->channels[i]);
}
