/* SPDX-License-Identifier: BSD-2-Clause */
/* Under the tables: what to know before believing a row or a cell. */
#ifndef TABLE_FLAGS_H
#define TABLE_FLAGS_H

#include <stdio.h>

#include "run.h"

/* How often each flag was raised, and the cells with flags by name. */
void table_flags_print(const struct run *run, FILE *to);

#endif
