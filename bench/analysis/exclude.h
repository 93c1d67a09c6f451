/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves doubtful rows out of a run that was read, and says so. */
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
	size_t rows[EXCLUDE_MAX]; /* left out for each, a row once */
	size_t count;
	size_t rows_before;
};

/* Reads "steal,two_humps". Returns 0, or -1 with the fault set. */
int exclude_parse(struct exclusion *exclusion, const char *names,
		  struct fault *fault);

/* Takes out rows with one of the flags, and rows of cells that have one. */
void exclude_apply(struct exclusion *exclusion, struct run *run);

void exclude_print(const struct exclusion *exclusion, FILE *to);

#endif
