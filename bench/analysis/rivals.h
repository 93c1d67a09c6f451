/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares two cells of one run over the rounds that both cells have. */
#ifndef RIVALS_H
#define RIVALS_H

#include "groups.h"
#include "inference.h"

/*
 * Whether two cells differ in a column at the level, by the signed-rank test.
 * Negative: a is smaller; 0: they cannot be separated.
 */
int groups_differ(const struct group *a, const struct group *b, int column,
		  double level);

/* The number of rounds in which both cells have a value. */
size_t groups_common_rounds(const struct group *a, const struct group *b,
			    int column);

/*
 * The ratio a / b of a column, and the interval that covers the ratio with
 * probability 1 - level. Rounds whose values are not positive are left out.
 */
struct estimate groups_ratio(const struct group *a, const struct group *b,
			     int column, double level);

#endif
