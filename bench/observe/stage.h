/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the main thread of an observation shares with those that run the
 * loops: threads, made once for both phases, or processes, forked for each.
 * It lies in shared memory, and nobody writes it while loops run.
 */
#ifndef STAGE_H
#define STAGE_H

#include <pthread.h>
#include <semaphore.h>
#include <sys/types.h>

#include "account.h"
#include "observation.h"
#include "rig.h"

enum phase {
	PHASE_WARMUP,
	PHASE_WINDOW,
	PHASES
};

struct stage {
	const struct cell *cell;
	struct rig rig; /* of the current phase */
	uint32_t stop RINGBENCH_ALIGNED;
	/* They arrive, and the main thread lets them go, all at once: a barrier
	 * that would wait for ever for a process that was killed before it. */
	sem_t arrived RINGBENCH_ALIGNED;
	sem_t go[PHASES]; /* one each: who is early must not take two */
	sem_t ended[STAGES_MAX + 1]; /* loops of each of the rig's stages */
	bool broken;		     /* a process was ended by a signal */
	struct actor {
		struct stage *stage;
		pthread_t thread;
		pid_t process; /* 0: a thread, or it has been waited for */
		int number;
		int error; /* of the pinning */
	} actors[RIG_THREADS_MAX];
	struct account accounts[RIG_THREADS_MAX];
};

/* Whether the loops run in processes of their own. */
bool stage_has_processes(const struct stage *stage);

/* Starts threads (once) or processes (for this phase); they wait until they
 * are let go. Returns 0 or a positive errno. */
int actors_start(struct stage *stage, enum phase phase);

/* Waits until all have arrived, then lets them go. Returns 0, or -1 as
 * actors_look() does. */
int actors_go(struct stage *stage, enum phase phase,
	      struct observation *observation);

/*
 * Looks after processes that have ended: 0, or -1 when one was ended by a
 * signal, with the observation failed. Waits for all of them if asked to; those
 * that one has left behind with its lock are ended after 100 ms.
 */
int actors_look(struct stage *stage, bool wait,
		struct observation *observation);

/* Waits for the threads' ends, after the last phase. */
void actors_join(struct stage *stage);

#endif
