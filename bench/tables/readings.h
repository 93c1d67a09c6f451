/* SPDX-License-Identifier: BSD-2-Clause */
/* The tutorial's two readings of running time, side by side. */
#ifndef READINGS_H
#define READINGS_H

#include <stdio.h>

#include "run.h"

/*
 * The tutorial first counts what a thread waits inside get() as running, since
 * its clock starts before the call, then moves the clock behind it. Prints both
 * readings for pingpong with two queues, the CPU time beside them, and why only
 * one is right. Nothing where the run has no such cells.
 */
void readings_print(const struct run *run, FILE *to);

#endif
