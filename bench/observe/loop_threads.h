/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The threads, or processes, that run the loops of an observation, and the
 * memory that they share with the main thread. Threads are created once for
 * both phases; processes are forked for each phase.
 *
 * One phase:
 * 1. Each thread pins itself, posts `arrived` and sleeps until the main thread
 *    posts `wake`.
 * 2. The main thread waits until all threads have arrived. In the first phase
 *    it orders pairs of threads to measure the core distance; the two threads
 *    post `arrived` again. Then it orders all threads to continue.
 * 3. Each thread runs its loop and posts ended[its stage].
 * 4. After the window each thread sleeps again until the main thread posts
 *    `wake`. Pairs of threads measure the core distance. Then the main thread
 *    orders all threads to continue, and the threads end.
 *
 * No thread writes struct observation_run while loops run.
 */
#ifndef LOOP_THREADS_H
#define LOOP_THREADS_H

#include <pthread.h>
#include <semaphore.h>
#include <sys/types.h>

#include "account.h"
#include "core_distance.h"
#include "distance.h"
#include "observation.h"
#include "rig.h"
#include "surroundings.h"

enum phase {
	PHASE_WARMUP,
	PHASE_WINDOW,
	PHASES
};

/* An order of the main thread to a sleeping thread. */
enum order_to_thread {
	ORDER_GO_ON,
	ORDER_MEASURE, /* measure the core distance with another thread */
	ORDER_ANSWER,
};

struct observation_run {
	const struct cell *cell;
	struct rig rig; /* queues and workers of the current phase */
	uint32_t stop RINGBENCH_ALIGNED;
	/*
	 * A pthread barrier would wait for ever for a process that was killed
	 * before it arrived, so semaphores are used.
	 */
	sem_t arrived RINGBENCH_ALIGNED;
	sem_t ended[STAGES_MAX + 1]; /* number of ended loops of each stage */
	bool crashed;		     /* a signal ended a process */
	struct loop_thread {
		struct observation_run *run;
		pthread_t handle;
		pid_t process; /* process id; 0: a thread, or a process that was
				  already reaped */
		int number;
		/* result of pinning: 0, -errno, or positive if the CPU
		 * differs */
		int error;
		enum order_to_thread order;
		sem_t wake RINGBENCH_ALIGNED; /* posted after the order */
	} threads[RIG_THREADS_MAX];
	struct account accounts[RIG_THREADS_MAX];
	int64_t go_ns; /* when the main thread released the threads */
	struct distance_lines lines;
	struct core_distance distance;
	struct surroundings before,
		after; /* counters before and after the loops of the phase */
};

/* Whether each loop runs in its own process. */
bool run_has_processes(const struct observation_run *run);

/*
 * Starts the threads (first phase only) or the processes (every phase). They
 * wait for loop_threads_release(). Returns 0 or a positive errno.
 */
int loop_threads_start(struct observation_run *run, enum phase phase);

/* Waits until all threads have arrived. Returns like loop_threads_check(). */
int loop_threads_await(struct observation_run *run,
		       struct observation *observation);

/* Waits until the loops of all processes have ended. Returns like
 * loop_threads_check(). */
int loop_threads_await_ends(struct observation_run *run,
			    struct observation *observation);

/* Orders all threads to continue. Before the loops, this order starts them. */
void loop_threads_release(struct observation_run *run);

/* Two sleeping threads measure the distance of their CPUs into run->lines.
 * Returns like loop_threads_check(). */
int loop_threads_measure(struct observation_run *run, int first, int second,
			 struct observation *observation);

/*
 * Reaps processes that have ended. Returns 0, or -1 with the observation failed
 * if a signal ended a process. With `wait`, it waits for all processes; after a
 * crash it kills the remaining processes after 100 ms, because the crashed
 * process may have held a lock.
 */
int loop_threads_check(struct observation_run *run, bool wait,
		       struct observation *observation);

/* Joins the threads after the last phase. */
void loop_threads_join(struct observation_run *run);

#endif
