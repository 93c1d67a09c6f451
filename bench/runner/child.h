/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs one observation in a fresh process, under a watchdog. */
#ifndef CHILD_H
#define CHILD_H

#include "cell.h"
#include "observation.h"

/* A build of ringbench that measures. */
struct program {
	const char *executable;
	const char *tree; /* its sources; the scripts of external backends */
};

/*
 * Measures the cell in a new process of the program (NULL: this one) and fills
 * in the observation, whatever becomes of that process: a crash and a hang are
 * observations, too. Returns 0, or -1 when we were interrupted (the process is
 * gone then).
 */
int child_observe(const struct cell *cell, const struct program *program,
		  struct observation *observation);

#endif
