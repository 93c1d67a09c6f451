/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happened to the CPUs of an observation from outside: the group's quota
 * stopped it, or the hypervisor ran another machine. Read by the main thread,
 * before the loops start and after they have ended.
 */
#ifndef SURROUNDINGS_H
#define SURROUNDINGS_H

#include <stdint.h>

#include "cell.h"

struct surroundings {
	int64_t throttled;    /* times, of all groups that we are in */
	int64_t throttled_ns; /* how long; old kernels only count */
	int64_t steal_ticks;  /* of the CPUs below; -1: not known */
	int cpus;	      /* those of the cell, or all allowed ones */
};

void surroundings_read(struct surroundings *surroundings,
		       const struct cell *cell);

/* Adds the flags throttled and steal to an observation's row. */
void surroundings_flag(const struct surroundings *before,
		       const struct surroundings *after, struct record *result);

#endif
