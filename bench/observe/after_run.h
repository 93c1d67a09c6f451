/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of the queues after a window, when they are drained. */
#ifndef AFTER_RUN_H
#define AFTER_RUN_H

#include "scenario.h"

/*
 * Whether every queue still passes messages, and whether all writes of the
 * queues stayed inside their memory. Returns NULL, or the reason why the
 * verification fails.
 */
const char *after_run_failure(struct rig *rig);

#endif
