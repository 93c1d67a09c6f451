/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns the counters of the threads into the columns of a row: sums,
 * verification, and the consistency checks of the time accounting.
 */
#ifndef TALLY_H
#define TALLY_H

#include "account.h"
#include "ringbench_clock.h"
#include "observation.h"
#include "scenario.h"

/* A window may be longer than planned by this time, one scheduler tick. */
#define OVERRUN_NS (4 * RINGBENCH_NS_PER_MS)

/* `accounts` has one entry for each thread of the rig, after account_stop(). */
void tally_observation(struct rig *rig, const struct account *accounts,
		       struct observation *observation);

#endif
