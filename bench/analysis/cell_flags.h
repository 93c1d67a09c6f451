/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flags: the reasons why a row or a cell is doubtful. The runner sets the flags
 * of a row in the column `flags`. The flags of a cell are computed here from
 * the values of its rounds.
 */
#ifndef CELL_FLAGS_H
#define CELL_FLAGS_H

#include "groups.h"

struct flag {
	const char *name;
	const char *meaning; /* for one line */
	bool of_cell;
};

/* All flags; the last element has no name. */
extern const struct flag known_flags[];

enum cell_flag {
	CELL_TWO_HUMPS = 1 << 0,
	CELL_DRIFTING = 1 << 1,
	CELL_SLOW_FIRST = 1 << 2,
};

enum {
	CELL_FLAG_ROUNDS_MIN = 8, /* cells with fewer rounds get no flags */
};

/* The flags for positive values in the order of measurement. */
unsigned cell_flags_of(const double *values, size_t count);

/* The flags for the throughput of a group. */
unsigned cell_flags(const struct group *group);

/* Whether the cell has the flag with this name. */
bool cell_has_flag(const struct group *group, const char *name);

/* The name of one flag. */
const char *cell_flag_name(enum cell_flag flag);

/*
 * The two-sided p of Kendall's test for a trend: exact up to 50 values, by the
 * normal distribution above.
 */
double trend_p(const double *values, size_t count);

#endif
