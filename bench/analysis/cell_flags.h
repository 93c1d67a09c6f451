/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flags: reasons why a row or a cell is doubtful. The flags of a row are set
 * when the row is measured; they are in the column `flags`. The flags of a cell
 * are computed from its rounds.
 */
#ifndef CELL_FLAGS_H
#define CELL_FLAGS_H

#include "groups.h"

struct flag {
	const char *name;
	const char *meaning; /* one sentence without a full stop */
	bool of_cell;
};

/* All flags. The last element has no name. */
extern const struct flag known_flags[];

enum cell_flag {
	CELL_TWO_HUMPS = 1 << 0,
	CELL_DRIFTING = 1 << 1,
	CELL_SLOW_FIRST = 1 << 2,
};

enum {
	CELL_FLAG_ROUNDS_MIN = 8, /* a cell with fewer rounds has no flags */
};

/* Returns the flags of a cell with these values, which are in the order of
 * measurement and greater than 0. */
unsigned cell_flags_of(const double *values, size_t count);

/* The flags of the group's throughput. */
unsigned cell_flags(const struct group *group);

/* Whether the cell has the flag of that name. */
bool cell_has_flag(const struct group *group, const char *name);

/* The name of one flag. */
const char *cell_flag_name(enum cell_flag flag);

/*
 * The p-value of a trend over the rounds, up or down (Kendall's tau): the
 * probability of a trend at least this strong if the values have no trend.
 * Exact up to 50 values, then from the normal distribution.
 */
double trend_p(const double *values, size_t count);

#endif
