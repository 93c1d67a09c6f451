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

#endif
