/* SPDX-License-Identifier: BSD-2-Clause */
/* Observations of the same cell together, and what is typical of them. */
#ifndef GROUPS_H
#define GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "results.h"

/* The observations of one cell, in the order of the file. */
struct group {
	const struct record *example; /* read the factor columns here */
	const struct record **members;
	size_t count;		   /* members that may be compared */
	size_t unverified;	   /* rows left out: not ok, or verified is 0 */
	const struct group *bound; /* NULL until found; see bound.h */
};

struct groups {
	struct group *groups; /* in the order of first appearance */
	size_t count;
	const struct record **members; /* of all groups */
};

/* Whether its status is ok and nothing says that it is not verified. */
bool row_may_be_compared(const struct record *row);

/*
 * Puts rows with equal factor columns together. Left out, and counted, is
 * what must not be compared: status other than ok, verified 0. Superseded
 * rows are left out altogether.
 */
void groups_make(const struct rows *rows, struct groups *groups);
void groups_free(struct groups *groups);

/*
 * The median of one column over the members that have it, and the interval
 * between order statistics that covers the true median with at least 95 %
 * (binomial; none below 6 values).
 */
struct spread {
	size_t count; /* 0: nothing was measured, the rest is NaN */
	double median;
	bool has_interval;
	double low;
	double high;
};

struct spread group_spread(const struct group *group, int column);
struct spread spread_of(const double *values, size_t count);

/* The column that cells of this scenario are compared by. */
int objective_of(const char *scenario);

/* Whether the backend names a queue. Otherwise it repeats what a parameter of
 * the scenario says. */
bool has_queues(const char *scenario);

/*
 * Whether it stands for its queue: all that its scenario declares has the
 * default there, but for the excepted columns.
 */
bool group_is_usual(const struct group *group, const int *except,
		    size_t excepted);

/* Whether two groups agree in all factor columns but the excepted ones. */
bool group_same_but(const struct group *a, const struct group *b,
		    const int *except, size_t excepted);

#endif
