/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sweeps: cells of a scenario that differ along one axis, in any run. An axis
 * is a numeric factor or the number of threads.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdbool.h>

#include "groups.h"
#include "names.h"
#include "param.h"

enum {
	SWEEP_POINTS_MAX =
		64, /* largest number of points of a series, and of ticks */
	SWEEP_AXES_MAX = 32,
};

struct sweep_axis {
	char name[CELL_TEXT_MAX];  /* name of the axis in file names */
	char title[CELL_TEXT_MAX]; /* title of the axis, with its unit */
	/* The factors that differ along the axis. */
	int columns[2];
	size_t count;
	bool threads;	     /* as many producers as consumers */
	const char *by_rows; /* title of the rows of a map; NULL: the sweep is
				drawn as curves */
};

/*
 * Finds the axes along which a scenario can be swept: the capacity, each
 * numeric parameter of the scenario, the number of threads, and producers
 * against consumers. Returns the number of axes.
 */
size_t sweep_axes(const char *scenario, struct sweep_axis axes[SWEEP_AXES_MAX]);

struct sweep_point {
	double x;
	double row; /* position in the other direction, if the axis has rows */
	const struct group *group;
};

/* Cells that differ only along the axis, sorted by x. */
struct sweep_series {
	char name[NAME_SHORT_MAX];
	struct sweep_point points[SWEEP_POINTS_MAX];
	size_t count;
};

struct sweep {
	const struct sweep_axis *axis;
	struct sweep_series
		*series; /* the series in the order of cells, without bounds */
	size_t count;	 /* number of series; 0: the axis was not swept */
};

/*
 * Finds the sweep along the axis. One backend must have at least three cells
 * that differ only along the axis; other backends need at least two.
 */
void sweep_find(const struct groups *groups, const char *scenario,
		const struct sweep_axis *axis, struct sweep *sweep);
void sweep_free(struct sweep *sweep);

/* Whether the cell had more threads than CPUs. */
bool sweep_is_oversubscribed(const struct group *group);

#endif
