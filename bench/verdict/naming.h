/* SPDX-License-Identifier: BSD-2-Clause */
/* Short names of cells: only what tells the rows of a table apart. */
#ifndef NAMING_H
#define NAMING_H

#include "comparison.h"

enum {
	NAME_MAX_BYTES = 256,
};

/* Which factors are named in the rows of one scenario. */
struct naming {
	bool shown[RECORD_COLUMNS_MAX];
	const struct record *first;
};

/* For the rows from `first` up to `end`, which are of one scenario. */
void naming_make(struct naming *naming, const struct comparison *comparison,
		 size_t first, size_t end);

/* "q2 mutex sleep:1ms llc" */
void naming_row(const struct naming *naming, const struct record *factors,
		char name[NAME_MAX_BYTES]);

/* What all rows have in common: "pingpong, mutex, llc". */
void naming_common(const struct naming *naming, char name[NAME_MAX_BYTES]);

/* Where the rows of the scenario that begins at `first` end. */
size_t scenario_end(const struct comparison *comparison, size_t first);

const struct record *row_factors(const struct comparison *comparison,
				 size_t row);

#endif
