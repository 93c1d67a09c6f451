/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: how threads and queues are wired, and how to tell afterwards
 * that every message arrived. One file in bench/scenarios/; its loops are in
 * the header of the same name.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "backend.h"

struct cell;
struct record;

enum {
	STAGES_MAX = 8, /* of a pipeline, without its source */
	RIG_THREADS_MAX = 2 * PRODUCERS_MAX,
	RIG_QUEUES_MAX = STAGES_MAX,
	SCENARIO_REASON_MAX = 160,
	RIG_REASON_MAX = 512,
};

/* Values of the parameters that some scenarios have; from 1 on. */
enum stop_kind {
	STOP_EVENT = 1, /* a flag, then close; what is left is counted */
	STOP_SENTINEL,	/* sources end, then one last word a thread */
};

enum until_kind {
	UNTIL_STOP = 1,
	UNTIL_EMPTY, /* a consumer ends when it sees no message */
};

enum sync_kind {
	SYNC_NONE = 1,
	SYNC_MUTEX,
	SYNC_SPINLOCK,
	SYNC_ATOMIC,
	SYNC_CK,
	SYNC_SHARDED,
};

enum share_kind {
	SHARE_THREADS = 1,
	SHARE_PROCESSES,
};

enum lock_kind {
	LOCK_ELEMENT = 1,
	LOCK_LIST,
};

enum work_kind {
	WORK_NUMBERS = 1,
	WORK_BALANCE,
};

enum event_kind {
	EVENT_FUTEX = 1,
	EVENT_COND,
	EVENT_SEM,
	EVENT_EVENTFD,
};

enum source_kind {
	SOURCE_HTTP = 1,
	SOURCE_SYNTHETIC, /* waits out the service time */
	SOURCE_CPU,	  /* works through it */
};

enum claim_kind {
	CLAIM_EXCL = 1,
	CLAIM_LOOK,
};

enum {
	STAGES_LOOP = -1, /* of cell->stages: one thread does it all */
};

/* Threads and queues of one phase, wired up. */
struct rig {
	const struct cell *cell;
	const struct backend *backend; /* NULL: the scenario has no queue */
	int threads;
	int queues;
	struct channel *channels; /* [queues] */
	struct worker *workers;	  /* [threads] */
	struct {
		const char *role;
		loop_function *loop;
		int stage; /* 0: a source; takes from channel stage - 1 */
	} parts[RIG_THREADS_MAX];
	void *own; /* the scenario's memory: free() unless it has unload */
	size_t own_bytes;     /* of it, where processes share it */
	const uint32_t *stop; /* the flag that asks for the end */
	int64_t request_ns;   /* when the end was asked for; 0: it was not */
	/* Why load failed, where -errno does not say it; outlives the rest,
	 * and stands last for that. */
	char reason[RIG_REASON_MAX];
};

/* What became of the messages. */
struct verdict {
	uint64_t messages; /* taken in the window */
	uint64_t lost;
	uint64_t repeated;
	uint64_t reordered;
	uint64_t left_over;
	bool unpromised;     /* nothing was promised, so nothing verified */
	const char *failure; /* another reason to fail; NULL: none */
	/* What kept threads from working, so that there is nothing to verify;
	 * NULL: nothing. */
	const char *trouble;
};

struct scenario {
	const char *id;
	const char *summary; /* one line */
	/* Those parameters of its own that apply, blanks between; NAME=VALUE
	 * where it has another default. */
	const char *params;
	/* of a message that both sides touch; 0: that differs */
	int64_t payload_bytes;
	int64_t default_queues; /* 0: the parameter does not apply */
	int64_t default_producers;
	int64_t default_consumers;
	int64_t default_capacity; /* 0: CAPACITY_DEFAULT */
	bool no_queue;	    /* neither backend, wait nor capacity to choose */
	bool sentinel_only; /* cannot end in another way */
	bool must_wrap; /* few messages for the capacity are an easier queue */
	/* Optional: puts the cell into its normal form, whoever runs it. 0,
	 * or -1 with the reason why it cannot work. */
	int (*complete)(struct cell *cell, char reason[SCENARIO_REASON_MAX]);
	/* The same for queues of our own; given a backend. */
	int (*check)(const struct cell *cell, char reason[SCENARIO_REASON_MAX]);
	int (*threads)(const struct cell *cell);
	/* Sets the number of queues, and the part of each of rig->threads. */
	void (*shape)(struct rig *rig);
	/* Gives the workers their input and the queues their first messages;
	 * worker->limit is set by the caller. Returns 0 or -errno. */
	int (*load)(struct rig *rig);
	/* Optional: called by the main thread each millisecond meanwhile. */
	void (*watch)(struct rig *rig);
	/* Drains the queues and accounts for every message. */
	void (*judge)(struct rig *rig, struct verdict *verdict);
	/* Optional: sets columns of its own, after judge. */
	void (*tell)(struct rig *rig, struct record *result);
	/* Optional: releases rig->own, on every way out. */
	void (*unload)(struct rig *rig);
};

#endif
