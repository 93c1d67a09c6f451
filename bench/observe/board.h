/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be seen of an observation from outside while it is under way: the
 * phase, and how far each thread is. It lies in memory that the runner gives
 * to the process which measures, so that it can still be read when that
 * process hangs, whichever of its threads does.
 */
#ifndef BOARD_H
#define BOARD_H

#include "scenario.h"

/* The descriptor of that memory, as a number in the child's environment. */
#define BOARD_VARIABLE "RINGBENCH_BOARD_FD"

/* What the main thread does, in this order, once for the warm-up and once for
 * the window. */
enum board_step {
	BOARD_START, /* reads the cell */
	BOARD_CREATE,
	BOARD_START_THREADS,
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
	int32_t cpu; /* pinned to; -1: not pinned */
	int32_t id;  /* the kernel's; 0: it has not begun */
};

struct board {
	/* BOARD_LAYOUT when a process has taken it. Another revision may have
	 * another board. */
	uint64_t layout;
	uint32_t step;
	uint32_t in_window; /* 0: in the warm-up */
	int32_t threads;
	struct board_thread thread[RIG_THREADS_MAX];
	struct worker workers[RIG_THREADS_MAX]; /* the rig's */
};

/* Changes with the board and with what it consists of. */
#define BOARD_LAYOUT \
	(UINT64_C(1) << 48 | sizeof(struct worker) << 32 | sizeof(struct board))

/* Takes the runner's memory, if it gave any. Before anything is measured. */
void board_attach(void);

/* This process's board; memory of its own where the runner gave none. */
struct board *board(void);

void board_step(enum board_step step);

/* "create", "drain" and so on; "?" for no step. */
const char *board_step_name(uint32_t step);

#endif
