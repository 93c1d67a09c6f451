/* SPDX-License-Identifier: BSD-2-Clause */
/* Measures one cell in this process. */
#ifndef OBSERVE_H
#define OBSERVE_H

#include "cell.h"
#include "observation.h"

/*
 * Runs warm-up and window, verifies, and fills in the measured columns. What
 * goes wrong is in the observation's status and reason.
 */
void observe_cell(const struct cell *cell, struct observation *observation);

#endif
