/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "cell.h"
#include "ringbench_memory.h"
#include "ringbench_shared_memory.h"
#include "rig.h"

static int create_channels(struct rig *rig)
{
	int wanted = rig->queues;
	int error = 0;

	rig->queues = 0; /* those to destroy */
	while (!error && rig->queues < wanted) {
		error = rig->backend->create(&rig->channels[rig->queues],
					     (size_t)rig->cell->capacity);
		rig->queues += !error;
	}
	return error;
}

bool rig_ends_by_sentinel(const struct rig *rig)
{
	return rig->cell->stop == STOP_SENTINEL ||
	       rig->cell->scenario->sentinel_only;
}

static void set_up_workers(struct rig *rig, uint64_t limit,
			   const uint32_t *stop)
{
	static const uint32_t never RINGBENCH_ALIGNED;
	bool waits = rig_ends_by_sentinel(rig);

	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		worker->stop = waits && rig->parts[i].stage ? &never : stop;
		worker->limit = limit;
		worker->wait_ns = rig->cell->wait.ns;
		waitclock_init(&worker->empty, (unsigned)i);
		waitclock_init(&worker->full, (unsigned)i);
	}
}

int rig_create(struct rig *rig, const struct cell *cell, uint64_t limit,
	       const uint32_t *stop)
{
	int error = 0;

	memset(rig, 0, sizeof(*rig));
	rig->cell = cell;
	rig->stop = stop;
	rig->backend = cell->contender.backend;
	rig->threads = cell_threads(cell);
	cell->scenario->shape(rig);
	rig->channels = ringbench_alloc_lines(RIG_QUEUES_MAX *
					      sizeof(*rig->channels));
	rig->workers = ringbench_alloc_shared((size_t)rig->threads *
					      sizeof(*rig->workers));
	if (!rig->channels || !rig->workers) {
		rig->queues = 0;
		error = -ENOMEM;
	} else {
		error = create_channels(rig);
	}
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
		return; /* destroyed, or never created */
	for (int i = 0; i < rig->queues; i++)
		rig->backend->destroy(&rig->channels[i]);
	if (rig->cell->scenario->unload)
		rig->cell->scenario->unload(rig);
	else
		free(rig->own);
	ringbench_free_shared(rig->workers,
			      (size_t)rig->threads * sizeof(*rig->workers));
	free(rig->channels);
	memset(rig, 0, offsetof(struct rig, reason));
}

void rig_close(struct rig *rig)
{
	for (int i = 0; i < rig->queues; i++)
		rig->backend->close(&rig->channels[i]);
}
