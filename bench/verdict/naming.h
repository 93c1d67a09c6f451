/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of the rows of a comparison; see names.h. */
#ifndef NAMING_H
#define NAMING_H

#include "comparison.h"
#include "names.h"

/* Finds the names of the rows from `first` up to, but without, `end`. All rows
 * are of one scenario. */
void naming_of_rows(struct naming *naming, const struct comparison *comparison,
		    size_t first, size_t end);

/* The index after the last row that has the scenario and the metric of row
 * `first`. */
size_t section_end(const struct comparison *comparison, size_t first);

const struct record *row_factors(const struct comparison *comparison,
				 size_t row);

#endif
