/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules for cells that depend on the backend of this build and not on the
 * scenario. */
#ifndef BACKEND_RULES_H
#define BACKEND_RULES_H

#include <stdbool.h>

#include "cell.h"

/* Whether a sentinel is the default stop condition of the scenario with this
 * backend, because only a sentinel can end the backend's threads. */
bool backend_needs_sentinel(const struct scenario *scenario,
			    const struct backend *backend);
/* Returns 0, or -1 with the reason why the backend cannot measure the cell. */
int backend_check(const struct cell *cell, char reason[SCENARIO_REASON_MAX]);

#endif
