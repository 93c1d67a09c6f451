/* SPDX-License-Identifier: BSD-2-Clause */
/* Measures the cells of a plan, round by round, each in a fresh process. */
#ifndef RUNNER_H
#define RUNNER_H

#include "child.h"
#include "plan.h"
#include "run_folder.h"

enum {
	RUNNER_SIDES_MAX = 2,
};

/* One of the programs that measure the same cells, and where its rows go. */
struct runner_side {
	const char *label;	       /* for messages; NULL: the only one */
	const struct program *program; /* NULL: this one */
	struct run_folder *folder;
};

struct runner_job {
	const struct plan *plan;
	struct runner_side sides[RUNNER_SIDES_MAX];
	size_t side_count;
	int64_t round; /* to begin with */
	/* Called before each round. 0, or -1 with the fault set. */
	int (*prepare)(int64_t round, void *arg, struct fault *fault);
	void *arg;
	/* Handed back: rows may have been written; all of them were. */
	bool began;
	bool complete;
};

/*
 * Runs the rounds and appends the rows. In a round, each cell is measured by
 * all sides in turn, and chance decides who begins. A failed observation is a
 * row and a warning, and the run goes on. *worst is the gravest of what
 * happened. Returns 0, or -1 with the fault set when rows cannot be written or
 * a round cannot be prepared.
 */
int runner_run(struct runner_job *job, enum exit_code *worst,
	       struct fault *fault);

#endif
