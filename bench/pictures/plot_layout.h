/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where each cell of a scenario stands in a picture: a facet for each
 * placement, in it a band for each wait policy, in it a row for each backend;
 * side by side a panel for each number of queues.
 */
#ifndef PLOT_LAYOUT_H
#define PLOT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "groups.h"

enum {
	PLOT_TEXT_MAX = 160,
};

struct plot_cell {
	const struct group *group;
	bool floor;	/* nothing to verify: a bound and no queue */
	uint64_t shown; /* columns that tell cells of this placement apart */
	size_t facet;
	size_t band;
	size_t row;
	size_t panel; /* from 0, left to right */
};

/* A stretch of the vertical axis, in rows from the top, and its name. */
struct plot_stretch {
	double top;
	double bottom;
	char text[PLOT_TEXT_MAX];
};

struct plot_stretches {
	struct plot_stretch *items;
	size_t count;
};

struct plot_layout {
	struct plot_cell *cells; /* in the order in which they are drawn */
	size_t count;
	struct plot_stretches facets;
	struct plot_stretches bands;
	struct plot_stretches rows;
	struct plot_stretches panels; /* left to right; only their names */
};

/* Lays out the groups of one scenario. */
void layout_make(const struct groups *groups, const char *scenario,
		 struct plot_layout *layout);
void layout_free(struct plot_layout *layout);

/* Whether the group is a floor: fine, and with nothing to verify. */
bool layout_is_floor(const struct group *group);

/* The middle of a cell's row. */
double layout_y(const struct plot_layout *layout, const struct plot_cell *cell);

#endif
