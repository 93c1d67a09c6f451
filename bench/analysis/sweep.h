/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sweeps: cells of a scenario that differ along one axis, found in any run.
 * An axis is a column of numbers, or the number of threads.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdbool.h>

#include "groups.h"

enum {
	SWEEP_POINTS_MAX = 64, /* of a series; also ticks */
	SWEEP_NAME_MAX = 160,
};

struct sweep_axis {
	const char *name;  /* in the pictures' names; a column's, or its own */
	const char *title; /* along the axis, in words and units */
	const char *by_rows; /* what the rows of its map are; NULL: series */
};

/* Ends with a name of NULL. Columns that results do not have are skipped. */
extern const struct sweep_axis sweep_axes[];

struct sweep_point {
	double x;
	double row; /* of an axis with rows: the other number */
	const struct group *group;
};

/* Cells that differ along the axis only, by rising x. */
struct sweep_series {
	char name[SWEEP_NAME_MAX]; /* the backend, and what else differs */
	struct sweep_point points[SWEEP_POINTS_MAX];
	size_t count;
};

struct sweep {
	const struct sweep_axis *axis;
	struct sweep_series *series; /* without floors, by name */
	size_t count;		     /* 0: this axis was not swept */
};

/*
 * Finds what was swept along the axis: at least three cells of one backend
 * that agree in everything else; of other backends two are enough.
 */
void sweep_find(const struct groups *groups, const char *scenario,
		const struct sweep_axis *axis, struct sweep *sweep);
void sweep_free(struct sweep *sweep);

/* The columns that differ along the axis; returns how many, 0: none here. */
size_t sweep_columns(const struct sweep_axis *axis, int columns[2]);

/* Whether more threads than CPUs ran in the cell. */
bool sweep_is_oversubscribed(const struct group *group);

#endif
