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

#include "groups.h"
#include "names.h"

enum {
	PLOT_TEXT_MAX = 384,
};

struct plot_cell {
	const struct group *group;
	bool floor; /* a backend that is no queue */
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
	/* The cells but those of backends that are no queue. */
	const struct record **queues;
	size_t queue_count;
	struct naming naming; /* of these */
};

/* Lays out the groups of one scenario but those that another picture shows;
 * elsewhere is NULL or has an element for each group. */
void layout_make(const struct groups *groups, const char *scenario,
		 const bool *elsewhere, struct plot_layout *layout);
void layout_free(struct plot_layout *layout);

/* Whether the cell is the bound of another one here. */
bool layout_is_bound(const struct plot_layout *layout,
		     const struct plot_cell *cell);

/* The middle of a cell's row. */
double layout_y(const struct plot_layout *layout, const struct plot_cell *cell);

#endif
