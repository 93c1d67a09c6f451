/* SPDX-License-Identifier: BSD-2-Clause */
/* Measures one cell in this process. */
#ifndef OBSERVE_H
#define OBSERVE_H

#include "cell.h"
#include "observation.h"

/*
 * Runs the warm-up and the window, verifies the messages, and sets the measured
 * columns. Errors are in the status and the reason of the observation.
 */
void observe_cell(const struct cell *cell, struct observation *observation);

#endif
