/* SPDX-License-Identifier: BSD-2-Clause */
/* Excludes rows with given flags from a run in memory, and prints how many. */
#ifndef EXCLUDE_H
#define EXCLUDE_H

#include <stdio.h>

#include "cell_flags.h"
#include "fault.h"
#include "run.h"

enum {
	EXCLUDE_MAX = 32, /* names in a list */
};

struct exclusion {
	const struct flag *flags[EXCLUDE_MAX];
	size_t rows[EXCLUDE_MAX]; /* number of rows excluded by each flag; a row
				     counts once */
	size_t count;
	size_t rows_before;
};

/* Reads "steal,two_humps". Returns 0, or -1 with the fault set. */
int exclude_parse(struct exclusion *exclusion, const char *names,
		  struct fault *fault);

/* Excludes the rows that have one of the flags, and all rows of cells that have
 * one of the flags. */
void exclude_apply(struct exclusion *exclusion, struct run *run);

void exclude_print(const struct exclusion *exclusion, FILE *to);

#endif
