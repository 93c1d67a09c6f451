/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds sweeps in a run. A sweep is a set of cells of a scenario that differ
 * along one axis: a numeric factor, or the number of threads.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdbool.h>

#include "groups.h"
#include "names.h"
#include "param.h"

enum {
	SWEEP_POINTS_MAX = 64, /* points of a series; also ticks of an axis */
	SWEEP_AXES_MAX = 32,
};

struct sweep_axis {
	char name[CELL_TEXT_MAX];  /* part of the names of pictures */
	char title[CELL_TEXT_MAX]; /* title of the axis, with the unit */
	/* The factors that differ along the axis. */
	int columns[2];
	size_t count;
	size_t least;	     /* points that one series must have */
	bool threads;	     /* equal numbers of producers and consumers */
	const char *by_rows; /* title of the rows of a map; NULL: curves */
};

/*
 * The axes of a scenario: the capacity, each numeric parameter that the
 * scenario declares, the number of threads, and consumers by producers. Returns
 * the number of axes.
 */
size_t sweep_axes(const char *scenario, struct sweep_axis axes[SWEEP_AXES_MAX]);

struct sweep_point {
	double x;
	double row; /* y, if the axis has rows */
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
	int objective;		     /* a column */
	struct sweep_series *series; /* in the order of cells; bounds have no
					series of their own */
	size_t count; /* 0: the run has no sweep along the axis */
};

/*
 * Finds the sweep along the axis, of the cells with this objective. At least
 * one series must have three points (two if the axis is a rate). The other
 * series must have two points.
 */
void sweep_find(const struct groups *groups, const char *scenario,
		int objective, const struct sweep_axis *axis,
		struct sweep *sweep);
void sweep_free(struct sweep *sweep);

/* Whether the cell had more threads than CPUs. */
bool sweep_is_oversubscribed(const struct group *group);

#endif
