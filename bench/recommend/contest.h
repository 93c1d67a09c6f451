/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of a run that differ only in queue and wait policy, best first. */
#ifndef CONTEST_H
#define CONTEST_H

#include "inference.h"
#include "run.h"

struct contest {
	const struct group **ranked; /* cells ordered by the median of their
					objective, best first */
	size_t count;	 /* number of cells; 0: the run has no two such cells */
	size_t contests; /* number of contests in the run; this contest has the
			    most cells */
	int objective;	 /* a column */
	/* Rounds that are needed to separate the best cell from all others. 0:
	 * at least two cells have enough rounds; cells with fewer rounds are
	 * left out. */
	size_t needed;
	size_t short_cells; /* number of cells that were left out */
	/* Number of cells that cannot be separated from the first cell, because
	 * the interval of the ratio contains 1. These cells follow the first
	 * cell in ranked. */
	size_t equals;
	/* The objective of the first cell divided by the objective of the best
	 * cell that can be separated from the first cell. */
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
