/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The progress of an observation, visible from outside: the current step, and
 * the number of messages of each thread. The runner gives the memory to the
 * measuring process and can still read it when threads of that process hang.
 */
#ifndef BOARD_H
#define BOARD_H

#include "scenario.h"

/* The environment variable with the file descriptor of the runner's memory. */
#define BOARD_VARIABLE "RINGBENCH_BOARD_FD"

/*
 * The steps of the main thread, in this order, once for the warm-up and once
 * for the window.
 */
enum board_step {
	BOARD_START, /* reads the cell */
	BOARD_CREATE,
	BOARD_START_THREADS,
	BOARD_DISTANCE, /* measures the core distance, before the first start
			   and after the window */
	BOARD_RUN,
	BOARD_CLOSE,
	BOARD_DRAIN,
	BOARD_VERIFY,
	BOARD_DESTROY,
	BOARD_END, /* writes the result */
	BOARD_STEPS
};

struct board_thread {
	char role[16];
	int32_t cpu; /* the thread is pinned to this CPU; -1: not pinned */
	int32_t id;  /* thread id of the kernel; 0: not started yet */
};

struct board {
	/*
	 * BOARD_LAYOUT when a process has attached the board. Another revision
	 * of the program may have another layout.
	 */
	uint64_t layout;
	uint32_t step;
	uint32_t in_window; /* 0: warm-up; 1: window */
	int32_t threads;
	struct board_thread thread[RIG_THREADS_MAX];
	struct worker workers[RIG_THREADS_MAX]; /* the workers of the rig */
};

/*
 * A number that differs between two revisions if their steps differ (the first
 * factor) or if the size of struct board or struct worker differs.
 */
#define BOARD_LAYOUT \
	(UINT64_C(2) << 48 | sizeof(struct worker) << 32 | sizeof(struct board))

/*
 * Maps the memory of the runner, if the runner gave any. Call this function
 * before anything is measured.
 */
void board_attach(void);

/* The board of this process: the runner's memory, or private memory if the
 * runner gave no memory. */
struct board *board(void);

void board_step(enum board_step step);

/* The name of a step, such as "create" or "drain"; "?" for an unknown step. */
const char *board_step_name(uint32_t step);

#endif
