/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "cell.h"
#include "memory.h"
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

int rig_create(struct rig *rig, const struct cell *cell, uint64_t limit,
	       const uint32_t *stop)
{
	int error;

	memset(rig, 0, sizeof(*rig));
	rig->cell = cell;
	rig->backend = cell->contender.backend;
	cell->scenario->shape(rig);
	rig->channels = memory_lines(RIG_QUEUES_MAX * sizeof(*rig->channels));
	rig->workers = memory_lines((size_t)rig->threads *
				    sizeof(*rig->workers));
	if (!rig->channels || !rig->workers) {
		rig->queues = 0;
		error = -ENOMEM;
	} else {
		error = create_channels(rig);
	}
	for (int i = 0; !error && i < rig->threads; i++) {
		rig->workers[i].stop = stop;
		rig->workers[i].limit = limit;
		rig->workers[i].wait_ns = cell->wait.ns;
		waitclock_init(&rig->workers[i].empty, (unsigned)i);
		waitclock_init(&rig->workers[i].full, (unsigned)i);
	}
	if (!error)
		error = cell->scenario->load(rig);
	if (error)
		rig_destroy(rig);
	return error;
}

void rig_destroy(struct rig *rig)
{
	for (int i = 0; i < rig->queues; i++)
		rig->backend->destroy(&rig->channels[i]);
	free(rig->messages);
	free(rig->workers);
	free(rig->channels);
	memset(rig, 0, sizeof(*rig));
}

void rig_close(struct rig *rig)
{
	for (int i = 0; i < rig->queues; i++)
		rig->backend->close(&rig->channels[i]);
}
