/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "backend_rules.h"

bool backend_needs_sentinel(const struct scenario *scenario,
			    const struct backend *backend)
{
	return backend && backend->flags & BACKEND_CLAIMS &&
	       scenario->default_stop;
}

int backend_check(const struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	bool claims = backend->flags & BACKEND_CLAIMS;
	const char *why = NULL;

	if (backend->flags & BACKEND_UNBOUNDED && cell->capacity)
		why = "is unbounded; remove --capacity";
	else if (backend->flags & BACKEND_NO_DEADLINE &&
		 cell->wait.kind == WAIT_TIMEOUT)
		why = "cannot wait with a timeout; use --wait block";
	else if (claims && !cell->scenario->default_stop)
		why = "cannot give up a claimed slot, so only a sentinel can "
		      "end it, and this scenario has no sentinel; choose a "
		      "scenario with --stop";
	else if (claims && cell->stop != STOP_SENTINEL)
		why = "cannot give up a claimed slot, so only a sentinel can "
		      "end it; use --stop sentinel";
	else if (claims && cell->wait.kind != WAIT_SPIN)
		why = "spins in its claimed slot; use --wait spin";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}
