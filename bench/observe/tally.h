/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what the threads counted to the columns of a row: sums, verification,
 * and the checks of the accounting that can fail.
 */
#ifndef TALLY_H
#define TALLY_H

#include "account.h"
#include "ringbench_clock.h"
#include "observation.h"
#include "scenario.h"

/* A window may be so much longer than planned: a scheduler's tick. */
#define OVERRUN_NS (4 * RINGBENCH_NS_PER_MS)

/* accounts: one of every thread of the rig, after account_stop(). */
void tally_observation(struct rig *rig, const struct account *accounts,
		       struct observation *observation);

#endif
