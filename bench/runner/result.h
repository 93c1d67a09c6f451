/* SPDX-License-Identifier: BSD-2-Clause */
/* The request to a measuring process, and its result. */
#ifndef RESULT_H
#define RESULT_H

#include "cell.h"
#include "observation.h"

/* Makes the text of the cell for the process. The caller frees the text. */
char *result_ask(const struct cell *cell);

/*
 * channel: the output on the descriptor for results. It contains the measured
 * cell, then the observation. The cell is compared with the request, to find a
 * process that measured a different cell. If the channel is empty, the program
 * does not use this descriptor; then standard output must contain only the
 * observation. Any other output makes the observation "crashed". The function
 * modifies `channel` and `output`.
 */
void result_read(const struct cell *cell, char *channel, char *output,
		 struct observation *observation);

#endif
