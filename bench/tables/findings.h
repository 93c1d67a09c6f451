/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks each finding of the tutorial in a run. Prints whether the effect
 * appeared, its size, and its cause.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include <stdio.h>

#include "run.h"

void findings_print(const struct run *run, FILE *to);

#endif
