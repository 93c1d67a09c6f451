/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The place of each cell of a scenario in a picture. From top to bottom: facets
 * by placement; in a facet, bands by wait policy; in a band, rows by backend.
 * From left to right: panels by number of queues.
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
	bool floor; /* the backend is not a queue but the harness cost or a
		       bound */
	size_t facet;
	size_t band;
	size_t row;
	size_t panel; /* position of the panel, from 0, from left to right */
};

/* A named part of the vertical axis, in rows from the top. */
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
	struct plot_stretches
		panels; /* from left to right; only the names are set */
	/* The cells whose backend is a queue. */
	const struct record **queues;
	size_t queue_count;
	struct naming naming; /* short names of these cells */
};

/* Lays out the groups of one scenario. elsewhere[i]: another picture shows
 * group i, so leave it out; elsewhere may be NULL. */
void layout_make(const struct groups *groups, const char *scenario,
		 const bool *elsewhere, struct plot_layout *layout);
void layout_free(struct plot_layout *layout);

/* Whether the cell is the bound of another cell of the layout. */
bool layout_is_bound(const struct plot_layout *layout,
		     const struct plot_cell *cell);

/* The middle of a cell's row. */
double layout_y(const struct plot_layout *layout, const struct plot_cell *cell);

#endif
