/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of a run, 80 columns wide. */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>

#include "output.h"
#include "run.h"

void table_print(const struct run *run, struct output *output);

#endif
