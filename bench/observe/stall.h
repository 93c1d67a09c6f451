/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether messages passed until the end of the window, and to every thread. */
#ifndef STALL_H
#define STALL_H

#include "account.h"
#include "scenario.h"

/*
 * True when every thread did nothing but wait for a long time when the stop was
 * requested: the queue had stopped passing messages. A sound queue always lets
 * one of its threads go on.
 */
bool rig_stalled(const struct rig *rig, const struct account *accounts);

/* True when a thread passed far fewer messages than others of its role. */
bool rig_starved(const struct rig *rig);

#endif
