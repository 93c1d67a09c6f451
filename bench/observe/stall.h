/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks whether threads transferred messages until the end of the window, and
 * whether every thread transferred its share.
 */
#ifndef STALL_H
#define STALL_H

#include "account.h"
#include "scenario.h"

/*
 * True if every thread had waited for a long time when the stop was requested:
 * the queue had stopped working. With a correct queue at least one thread makes
 * progress.
 */
bool rig_stalled(const struct rig *rig, const struct account *accounts);

/*
 * True if a thread transferred far fewer messages than the average of its role.
 */
bool rig_starved(const struct rig *rig);

#endif
