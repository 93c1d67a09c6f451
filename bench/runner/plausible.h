/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a result can be true, whoever measured it: this program, another
 * revision or another program. */
#ifndef PLAUSIBLE_H
#define PLAUSIBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "cell.h"
#include "observation.h"

/*
 * seen_ns: how long the process was there, by our own clock. Where the result
 * cannot be true, none of it is kept and the observation is "crashed".
 */
void plausible_or_crashed(const struct cell *cell, int64_t seen_ns,
			  struct observation *observation);

#endif
