/* SPDX-License-Identifier: BSD-2-Clause */
/* The last lines of a run: help to choose a queue. */
#ifndef CLOSING_H
#define CLOSING_H

#include <stdio.h>

#include "run.h"

/*
 * Prints at most three lines: the queue and wait policy that lead at full
 * speed, or the cells that the rounds cannot separate; the lowest latency and
 * the lowest CPU time at a load; and the next command.
 */
void closing_print(const struct run *run, FILE *to);

#endif
