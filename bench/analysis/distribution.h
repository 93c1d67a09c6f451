/* SPDX-License-Identifier: BSD-2-Clause */
/* A distribution from the histogram columns "LOW:COUNT+LOW:COUNT" of rows. LOW
 * is the lowest value of a bucket. */
#ifndef DISTRIBUTION_H
#define DISTRIBUTION_H

#include "groups.h"

struct bucket {
	double low;
	double count;
};

struct distribution {
	struct bucket *buckets; /* rising */
	size_t count;
	double total; /* sum of all counts */
};

/* Whether the column contains histograms. */
bool distribution_is_column(int column);

/* Adds the counts of one text. Ignores the rest of a text that is malformed. */
void distribution_add(struct distribution *distribution, const char *text);
void distribution_free(struct distribution *distribution);

/* Returns the low end of the first bucket for which this bucket and all smaller
 * buckets contain at least `share` of all values. NaN: no values. */
double distribution_quantile(const struct distribution *distribution,
			     double share);

#endif
