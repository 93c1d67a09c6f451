/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of one run with their rows, for tables and pictures, and the
 * medians of their columns. */
#ifndef GROUPS_H
#define GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "dataset.h"
#include "names.h"
#include "results.h"

enum {
	GROUP_ROUNDS_MIN = 6, /* rounds for a 95 % interval of a median */
};

/*
 * The used observations of one cell, in the order of sessions and rounds. If
 * the place of the cell has several classes of core distances, the cell has a
 * group for each class, and the column distance_ns of its rows is set. The
 * factors of the groups then differ, so that tables and pictures show the
 * groups as different cells.
 */
struct group {
	const struct record *example; /* any row of the cell, for its factors */
	const struct record **members;
	size_t count;
	size_t rounds;	    /* measured rounds; `count` rounds are members */
	size_t undisturbed; /* rounds with an undisturbed observation */
	size_t unverified;  /* rows left out: not ok, or verified is 0 */
	double distance_ns; /* median core distance of the class, or NaN */
	uint32_t class;	    /* of the core distance; see distance_class.h */
	/* Whether sentences about the cell use this group and not a group of
	 * the cell at another core distance. */
	bool represents_cell;
	const struct group *bound; /* NULL until found; see bound.h */
};

struct groups {
	struct group *groups; /* in the order of first appearance */
	size_t count;
	size_t cells;
	struct dataset set;
	const struct record **members; /* members of all groups */
};

/*
 * Makes the groups. Rows with a status other than ok or with verified 0 are not
 * members; the group counts them as unverified. Superseded rows are ignored.
 * Sets distance_ns of the rows, and the flag `moved`.
 */
void groups_make(struct rows *rows, struct groups *groups);

/*
 * Sets represents_cell of all groups. Of the classes of a place, the one with
 * the smallest distance is chosen at which at least half of the cells have
 * GROUP_ROUNDS_MIN rounds. If there is none, the class with the most rounds is
 * chosen. A cell without a group in the chosen class uses its smallest
 * distance.
 */
void groups_choose(struct groups *groups);
void groups_free(struct groups *groups);

/*
 * The median of a column over the members that have a value, and the confidence
 * interval between two order statistics that covers the true median with a
 * probability of at least 95 % (binomial). Fewer than 6 values have no
 * interval.
 */
struct spread {
	size_t count; /* number of values; 0: the other members are NaN */
	double median;
	bool has_interval;
	double low;
	double high;
};

struct spread group_spread(const struct group *group, int column);
struct spread spread_of(const double *values, size_t count);

/* The column of the objective of a cell. Cells with different objectives are
 * not compared with each other. */
int objective_of(const struct record *cell);

/* The objective of the scenario's cells that have no objective of their own. */
int usual_objective(const char *scenario);

/* Whether the scenario has queues. Otherwise the column backend repeats a
 * parameter of the scenario. */
bool has_queues(const char *scenario);

/* Whether all parameters that the scenario declares, the payload and the stop
 * condition have their defaults. */
bool group_has_defaults(const struct group *group);

/* Whether the group is a cell of the scenario. */
bool group_is_of(const struct group *group, const char *scenario);

/* Names for the cells of these groups; see name_short(). */
void groups_naming(const struct groups *groups, struct naming *naming);

/* Whether two groups agree in all factors except the given columns. */
bool group_same_but(const struct group *a, const struct group *b,
		    const int *except, size_t excepted);

#endif
