/* SPDX-License-Identifier: BSD-2-Clause */
/* The flags below the tables: which rows and cells are doubtful, and why. */
#ifndef TABLE_FLAGS_H
#define TABLE_FLAGS_H

#include <stdio.h>

#include "run.h"

/* Prints the number of rows with each flag, and the names of flagged cells. */
void table_flags_print(const struct run *run, FILE *to);

#endif
