/* SPDX-License-Identifier: BSD-2-Clause */
/* What should be equal on both sides for ratios to mean anything. */
#ifndef FACTS_H
#define FACTS_H

#include "dataset.h"

enum {
	FACTS_MAX = 64,
	FACT_MAX = 400,
};

struct fact {
	char name[48];
	char base[FACT_MAX]; /* of all runs of the side, joined by " | " */
	char new[FACT_MAX];
};

/*
 * What differs in machine, build, compiler, libraries and plan. Where a side
 * has no run.json, only hosts and builds are known. Returns the number.
 */
size_t facts_that_differ(const struct dataset *set,
			 struct fact facts[FACTS_MAX]);

/* The revisions of a side, such as "f314d43", or "REV". */
void facts_revision(const struct dataset *set, enum side_name side,
		    char text[FACT_MAX]);

/* How to choose a side's cells again: "--plan quick", or its own options. */
void facts_cells(const struct dataset *set, enum side_name side,
		 char text[FACT_MAX]);

/*
 * The planned length of the windows of a run, where all lines of its plan have
 * one, or -1. For files that have no column for it.
 */
int64_t facts_duration(const json_t *facts);

#endif
