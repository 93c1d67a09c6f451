/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sweeps: cells of a scenario that differ along one axis, found in any run.
 * An axis is a factor that is a number, or the number of threads.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdbool.h>

#include "groups.h"
#include "names.h"
#include "param.h"

enum {
	SWEEP_POINTS_MAX = 64, /* of a series; also ticks */
	SWEEP_AXES_MAX = 32,
};

struct sweep_axis {
	char name[CELL_TEXT_MAX];  /* in the pictures' names */
	char title[CELL_TEXT_MAX]; /* along the axis, in words and units */
	/* The factors that differ along the axis. */
	int columns[2];
	size_t count;
	bool threads;	     /* as many producers as consumers */
	const char *by_rows; /* what the rows of its map are; NULL: series */
};

/*
 * The axes along which a scenario can be swept: the capacity, each number that
 * it declares as a parameter, the number of threads, and producers against
 * consumers. Returns how many.
 */
size_t sweep_axes(const char *scenario, struct sweep_axis axes[SWEEP_AXES_MAX]);

struct sweep_point {
	double x;
	double row; /* of an axis with rows: the other number */
	const struct group *group;
};

/* Cells that differ along the axis only, by rising x. */
struct sweep_series {
	char name[NAME_SHORT_MAX];
	struct sweep_point points[SWEEP_POINTS_MAX];
	size_t count;
};

struct sweep {
	const struct sweep_axis *axis;
	struct sweep_series *series; /* without bounds, in the order of cells */
	size_t count;		     /* 0: this axis was not swept */
};

/*
 * Finds what was swept along the axis: at least three cells of one backend
 * that agree in everything else; of other backends two are enough.
 */
void sweep_find(const struct groups *groups, const char *scenario,
		const struct sweep_axis *axis, struct sweep *sweep);
void sweep_free(struct sweep *sweep);

/* Whether more threads than CPUs ran in the cell. */
bool sweep_is_oversubscribed(const struct group *group);

#endif
