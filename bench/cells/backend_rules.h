/* SPDX-License-Identifier: BSD-2-Clause */
/* What a backend of this build supports, apart from the scenario. */
#ifndef BACKEND_RULES_H
#define BACKEND_RULES_H

#include <stdbool.h>

#include "cell.h"

/* Whether cells of the scenario with this backend end by a sentinel if nobody
 * says otherwise, because the backend can end no other way. */
bool backend_needs_sentinel(const struct scenario *scenario,
			    const struct backend *backend);
/* Returns 0, or -1 with the reason why the backend cannot measure the cell. */
int backend_check(const struct cell *cell, char reason[SCENARIO_REASON_MAX]);

#endif
