/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups observations by cell, and computes medians and intervals. */
#ifndef GROUPS_H
#define GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "results.h"

/* The observations of one cell, in the order of the file. */
struct group {
	const struct record
		*example; /* a row of the cell, for its factor columns */
	const struct record **members;
	size_t count;	   /* observations that may be compared */
	size_t unverified; /* excluded rows: status is not ok, or verified is 0
			    */
	const struct group *bound; /* the bound; NULL: unknown, see bound.h */
};

struct groups {
	struct group *groups; /* in the order of first appearance */
	size_t count;
	const struct record **members; /* the members of all groups */
};

/* Whether the status is ok and verified is not 0. */
bool row_may_be_compared(const struct record *row);

/*
 * Groups rows with equal factor columns. Rows that must not be compared (status
 * is not ok, or verified is 0) are excluded and counted. Superseded rows are
 * ignored.
 */
void groups_make(const struct rows *rows, struct groups *groups);
void groups_free(struct groups *groups);

/*
 * The median of one column over the members with a value, and its 95 %
 * confidence interval from order statistics (binomial distribution; fewer than
 * 6 values have no interval).
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

/* The objective of the scenario: the column by which cells are compared. */
int objective_of(const char *scenario);

/* Whether the scenario has queues. If not, the column `backend` repeats the
 * value of a parameter of the scenario. */
bool has_queues(const char *scenario);

/*
 * Whether all parameters that the scenario declares have their defaults, except
 * the given columns. Such a cell represents its queue.
 */
bool group_is_usual(const struct group *group, const int *except,
		    size_t excepted);

/* Whether all factor columns of two groups are equal, except the given
 * columns. */
bool group_same_but(const struct group *a, const struct group *b,
		    const int *except, size_t excepted);

#endif
