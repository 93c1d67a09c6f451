/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks each finding of the tutorial in a run: whether the effect appeared,
 * how large it was, and what causes it.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include <stdio.h>

#include "run.h"

void findings_print(const struct run *run, FILE *to);

#endif
