/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the main thread of an observation shares with those that run the
 * loops: threads, made once for both phases, or processes, forked for each.
 * It lies in shared memory, and nobody writes it while loops run.
 */
#ifndef LOOP_THREADS_H
#define LOOP_THREADS_H

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

struct observation_run {
	const struct cell *cell;
	struct rig rig; /* of the current phase */
	uint32_t stop RINGBENCH_ALIGNED;
	/* They arrive, and the main thread lets them go, all at once: a barrier
	 * that would wait for ever for a process that was killed before it. */
	sem_t arrived RINGBENCH_ALIGNED;
	sem_t go[PHASES]; /* one each: who is early must not take two */
	sem_t ended[STAGES_MAX + 1]; /* loops of each of the rig's stages */
	bool crashed;		     /* a process was ended by a signal */
	struct loop_thread {
		struct observation_run *run;
		pthread_t handle;
		pid_t process; /* 0: a thread, or it has been waited for */
		int number;
		int error; /* of the pinning */
	} threads[RIG_THREADS_MAX];
	struct account accounts[RIG_THREADS_MAX];
	int64_t go_ns; /* when the main thread let them go */
};

/* Whether the loops run in processes of their own. */
bool run_has_processes(const struct observation_run *run);

/* Starts threads (once) or processes (for this phase); they wait until they
 * are let go. Returns 0 or a positive errno. */
int loop_threads_start(struct observation_run *run, enum phase phase);

/* Waits until all have arrived, then lets them go. Returns 0, or -1 as
 * loop_threads_check() does. */
int loop_threads_release(struct observation_run *run, enum phase phase,
			 struct observation *observation);

/*
 * Looks after processes that have ended: 0, or -1 when one was ended by a
 * signal, with the observation failed. Waits for all of them if asked to; those
 * that one has left behind with its lock are ended after 100 ms.
 */
int loop_threads_check(struct observation_run *run, bool wait,
		       struct observation *observation);

/* Waits for the threads' ends, after the last phase. */
void loop_threads_join(struct observation_run *run);

#endif
