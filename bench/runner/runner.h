/* SPDX-License-Identifier: BSD-2-Clause */
/* Measures the cells of a plan, round by round, each cell in a new process. */
#ifndef RUNNER_H
#define RUNNER_H

#include "child.h"
#include "plan.h"
#include "run_folder.h"

enum {
	RUNNER_SIDES_MAX = 2,
};

/* One side: a program that measures the cells, and the folder of its rows. */
struct runner_side {
	const char *label; /* name in messages; NULL: the run has one side */
	const struct program *program; /* NULL: this program */
	struct run_folder *folder;
};

struct runner_job {
	const struct plan *plan;
	struct runner_side sides[RUNNER_SIDES_MAX];
	size_t side_count;
	int64_t round; /* first round */
	/* Called before each round. Returns 0, or -1 with the fault set. */
	int (*prepare)(int64_t round, void *arg, struct fault *fault);
	void *arg;
	/* Set by runner_run(). began: rows may have been written. complete: all
	 * rows were written. */
	bool began;
	bool complete;
};

/*
 * Runs the rounds and appends the rows. In a round, all sides measure each cell
 * directly after each other, in a random order. At the end of the round all
 * sides measure the disturbed cells again. A failed observation becomes a row
 * and prints a warning, and the run continues. *worst: the most severe exit
 * code. Returns 0, or -1 with the fault set when rows cannot be written or a
 * round cannot be prepared.
 */
int runner_run(struct runner_job *job, enum exit_code *worst,
	       struct fault *fault);

#endif
