/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs one observation in a fresh process, under a watchdog. */
#ifndef CHILD_H
#define CHILD_H

#include <signal.h>

#include "cell.h"
#include "observation.h"

/* Set by the signal handler of the runner: give up, now. */
extern volatile sig_atomic_t child_interrupted;

/*
 * Measures the cell in a new process and fills in the observation, whatever
 * becomes of that process: a crash and a hang are observations, too. Returns
 * 0, or -1 when child_interrupted was set (the process is gone then).
 */
int child_observe(const struct cell *cell, struct observation *observation);

#endif
