/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process says it measured, and what it says came of it. */
#ifndef RESULT_H
#define RESULT_H

#include "cell.h"
#include "observation.h"

/* The cell as the process gets it; to be freed. */
char *result_ask(const struct cell *cell);

/*
 * channel: what came on the descriptor for results. First the cell again, so
 * that a process which was given half a cell, and has measured another one, is
 * found; then the observation. Where nothing came, the program does not know
 * that descriptor and its observation stands on standard output, alone.
 * Anything else makes the observation "crashed". Both texts are changed.
 */
void result_read(const struct cell *cell, char *channel, char *output,
		 struct observation *observation);

#endif
