/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: how threads and queues are wired, and how to tell afterwards
 * that every message arrived. One file in bench/scenarios/; its loops are in
 * the header of the same name.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdint.h>

#include "backend.h"

struct cell;

enum {
	RIG_THREADS_MAX = 2 * PRODUCERS_MAX,
	RIG_QUEUES_MAX = 2,
	SCENARIO_REASON_MAX = 160,
};

/* Threads and queues of one phase, wired up. */
struct rig {
	const struct cell *cell;
	const struct backend *backend;
	int threads;
	int queues;
	struct channel *channels; /* [queues] */
	struct worker *workers;	  /* [threads] */
	struct {
		const char *role;
		loop_function *loop;
	} parts[RIG_THREADS_MAX];
	void *messages; /* the scenario's own memory, freed with free() */
};

/* What became of the messages. */
struct verdict {
	uint64_t messages; /* taken in the window */
	uint64_t lost;
	uint64_t repeated;
	uint64_t reordered;
	uint64_t left_over;
};

struct scenario {
	const char *id;
	const char *summary;	/* one line */
	int64_t payload_bytes;	/* of a message that both sides touch */
	int64_t default_queues; /* 0: the parameter does not apply */
	int64_t default_producers;
	int64_t default_consumers;
	/* 0, or -1 with the reason why the cell cannot work. */
	int (*check)(const struct cell *cell, char reason[SCENARIO_REASON_MAX]);
	/* Sets the number of threads and queues, and each thread's part. */
	void (*shape)(struct rig *rig);
	/* Gives the workers their input and the queues their first messages;
	 * worker->limit is set by the caller. Returns 0 or -errno. */
	int (*load)(struct rig *rig);
	/* Drains the queues and accounts for every message. */
	void (*judge)(struct rig *rig, struct verdict *verdict);
};

#endif
