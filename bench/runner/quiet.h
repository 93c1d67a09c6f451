/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting until other programs leave the CPUs alone, after a disturbed
 * observation. A disturbance often lasts for seconds, and then it would disturb
 * the next observation, too.
 */
#ifndef QUIET_H
#define QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "cell.h"
#include "host_ticks.h"

/* CPUs are quiet if they were used for at most this share of a look. */
#define QUIET_SHARE 0.1

enum {
	QUIET_LOOK_NS = 50 * 1000 * 1000, /* 5 ticks of each CPU */
	QUIET_LIMIT_NS = 2000 * 1000 * 1000,
};

/* Whether CPUs with these ticks before and after a look were quiet; also true
 * if the kernel counted nothing. */
bool quiet_between(const int64_t before[HOST_TICKS],
		   const int64_t after[HOST_TICKS]);

/*
 * Sleeps until the cell's CPUs were quiet in one look, or for limit_ns, or
 * until a signal comes. Returns at once if the cell is not pinned. Returns the
 * time in ns that it took. *quiet: the CPUs were quiet.
 */
int64_t quiet_wait(const struct cell *cell, int64_t limit_ns, bool *quiet);

#endif
