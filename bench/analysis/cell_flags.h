/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What makes rows and cells doubtful, by name. A row's flags are raised when
 * it is measured and stand in its column; a cell's follow from its rounds.
 */
#ifndef CELL_FLAGS_H
#define CELL_FLAGS_H

#include "groups.h"

struct flag {
	const char *name;
	const char *meaning; /* for one line */
	bool of_cell;
};

/* All that there are; the end has no name. */
extern const struct flag known_flags[];

enum cell_flag {
	CELL_TWO_HUMPS = 1 << 0,
	CELL_DRIFTING = 1 << 1,
	CELL_SLOW_FIRST = 1 << 2,
};

enum {
	CELL_FLAG_ROUNDS_MIN = 8, /* fewer have no flags */
};

/* The flags of values in the order of measurement, all above 0. */
unsigned cell_flags_of(const double *values, size_t count);

/* The same of a group's throughput. */
unsigned cell_flags(const struct group *group);

/* Whether the cell has the flag of that name. */
bool cell_has_flag(const struct group *group, const char *name);

/* The name of one flag. */
const char *cell_flag_name(enum cell_flag flag);

/*
 * How probable a trend as strong as this, up or down, is where there is none:
 * exact for Kendall's tau up to 50 values, by the normal distribution beyond.
 */
double trend_p(const double *values, size_t count);

#endif
