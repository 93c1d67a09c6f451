/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of a run that differ only in queue and wait policy, best first. */
#ifndef CONTEST_H
#define CONTEST_H

#include "inference.h"
#include "run.h"

struct contest {
	const struct group **ranked; /* by the median of the objective */
	size_t count;		     /* 0: the run has no two such cells */
	size_t contests;	     /* of this run; this one has most cells */
	int objective;		     /* a column */
	/* Rounds that are needed to separate the best cell from all others; 0:
	 * two cells or more have enough, and the others are left out. */
	size_t needed;
	size_t short_cells; /* number of cells that were left out */
	/* Cells behind the first one that cannot be separated from it: the
	 * interval of the ratio contains 1. They come next in ranked. */
	size_t equals;
	/* The objective of the first cell, divided by the objective of the best
	 * cell that is separated from it. */
	struct estimate lead;
};

/*
 * Finds the largest contest. Left out: backends that are not queues, external
 * programs, cells that fix their throughput by a rate, and larger core
 * distances of a cell.
 */
void contest_find(struct contest *contest, const struct run *run);
void contest_free(struct contest *contest);

#endif
