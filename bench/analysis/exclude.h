/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves out rows with certain flags and reports how many. */
#ifndef EXCLUDE_H
#define EXCLUDE_H

#include <stdio.h>

#include "cell_flags.h"
#include "fault.h"
#include "run.h"

enum {
	EXCLUDE_MAX = 32, /* largest number of names in the option */
};

struct exclusion {
	const struct flag *flags[EXCLUDE_MAX];
	size_t rows[EXCLUDE_MAX]; /* rows left out for each flag */
	size_t count;
	size_t rows_before;
};

/* Reads "steal,two_humps". Returns 0, or -1 with the fault set. */
int exclude_parse(struct exclusion *exclusion, const char *names,
		  struct fault *fault);

/* Removes the rows with an excluded flag and all rows of cells with one. */
void exclude_apply(struct exclusion *exclusion, struct run *run);

void exclude_print(const struct exclusion *exclusion, FILE *to);

#endif
