/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints one cell: its metrics, distributions and observations. */
#ifndef SHOW_H
#define SHOW_H

#include "output.h"
#include "run.h"

void show_print(const struct run *run, const struct group *group,
		struct output *output);

/* Prints flags and metrics of the cell, and every observation. */
void show_print_short(const struct run *run, const struct group *group,
		      struct output *output);

#endif
