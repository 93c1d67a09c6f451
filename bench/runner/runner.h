/* SPDX-License-Identifier: BSD-2-Clause */
/* Measures the cells of a plan, round by round, each in a fresh process. */
#ifndef RUNNER_H
#define RUNNER_H

#include "plan.h"
#include "run_folder.h"

/*
 * Runs the rounds from `round` on and appends the rows. A failed observation
 * is a row and a warning, and the run goes on. *worst is the gravest of what
 * happened. Returns 0, or -1 with the fault set when rows cannot be written.
 */
int runner_run(const struct plan *plan, struct run_folder *folder,
	       int64_t round, enum exit_code *worst, struct fault *fault);

#endif
