/* SPDX-License-Identifier: BSD-2-Clause */
/* The last lines of a run: what it tells those who choose a queue. */
#ifndef CLOSING_H
#define CLOSING_H

#include <stdio.h>

#include "run.h"

/*
 * Prints three lines at most: the queue and wait policy that lead at full
 * speed, or which cells cannot be told apart; the lowest latency and the lowest
 * CPU time at a load; and the next command.
 */
void closing_print(const struct run *run, FILE *to);

#endif
