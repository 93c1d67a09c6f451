/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts about machine and build that differ between the sides: each of them can
 * cause a difference that is not a property of the queues. */
#ifndef FACTS_H
#define FACTS_H

#include "dataset.h"

enum {
	FACTS_MAX = 64,
	FACT_MAX = 400,
};

struct fact {
	char name[48];
	char base[FACT_MAX]; /* the values of all runs, joined by " | " */
	char new[FACT_MAX];
};

/*
 * Finds differences in machine, build, compiler, libraries and plan. If a side
 * has no run.json, only hosts and builds are compared. Returns the number of
 * facts.
 */
size_t facts_that_differ(const struct dataset *set,
			 struct fact facts[FACTS_MAX]);

/* The revision of a side, such as "f314d43". "REV": unknown or several. */
void facts_revision(const struct dataset *set, enum side_name side,
		    char text[FACT_MAX]);

/* The options that select the side's cells: "--plan quick", or cell options. */
void facts_cells(const struct dataset *set, enum side_name side,
		 char text[FACT_MAX]);

#endif
