/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tutorial found strange, looked for in a run: whether it appeared,
 * by how much, and why it is so. Chosen by the data.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include <stdio.h>

#include "run.h"

void findings_print(const struct run *run, FILE *to);

#endif
