/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs one observation in a new process, with a watchdog. */
#ifndef CHILD_H
#define CHILD_H

#include "cell.h"
#include "observation.h"

/* A build of ringbench that measures. */
struct program {
	const char *executable;
	const char *tree; /* its source tree, with the scripts of external
			     backends */
};

/*
 * Measures the cell in a new process of the program (NULL: this one) and fills
 * in the observation. A crash or a hang is an observation, too. Returns 0, or
 * -1 if a signal interrupted this process; then the new process has been
 * killed.
 */
int child_observe(const struct cell *cell, const struct program *program,
		  struct observation *observation);

#endif
