/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks whether a result is possible. The result can come from this program,
 * another revision or an external program. */
#ifndef PLAUSIBLE_H
#define PLAUSIBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "cell.h"
#include "observation.h"

/*
 * seen_ns: the lifetime of the process, measured by the runner. If the result
 * is impossible, all its values are discarded, and the status of the
 * observation is "crashed".
 */
void plausible_or_crashed(const struct cell *cell, int64_t seen_ns,
			  struct observation *observation);

#endif
