/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of a run, 80 columns wide, and warnings about doubtful values. */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>

#include "output.h"
#include "run.h"

/* Prints the tables, and a legend below them. */
void table_print(const struct run *run, struct output *output);

/* Prints the core distance, flagged rows and cells, and failed observations. */
void table_warnings_print(const struct run *run, FILE *to);

#endif
