/* SPDX-License-Identifier: BSD-2-Clause */
/* The tutorial's two ways of measuring running time, side by side. */
#ifndef READINGS_H
#define READINGS_H

#include <stdio.h>

#include "output.h"
#include "run.h"

/*
 * The tutorial first starts its clock before it calls get(), so the time that a
 * thread waits inside get() counts as running. Later the tutorial starts the
 * clock after get(). Prints the results of both ways and the CPU time for
 * pingpong with two queues, and explains which result is right. Prints nothing
 * if the run did not measure these cells.
 */
void readings_print(const struct run *run, struct output *output);

#endif
