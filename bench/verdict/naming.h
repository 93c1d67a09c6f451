/* SPDX-License-Identifier: BSD-2-Clause */
/* Which factors are named in the rows of a comparison; see names.h. */
#ifndef NAMING_H
#define NAMING_H

#include "comparison.h"
#include "names.h"

/* For the rows from `first` up to `end`, which are of one scenario. */
void naming_of_rows(struct naming *naming, const struct comparison *comparison,
		    size_t first, size_t end);

/* Where the rows of the scenario that begins at `first` end. */
size_t scenario_end(const struct comparison *comparison, size_t first);

const struct record *row_factors(const struct comparison *comparison,
				 size_t row);

#endif
