/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of cells, and the one order in which cells are shown. The long name
 * identifies a cell and can be pasted behind `ringbench run`; the short one
 * says what tells the cells of one table apart.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>

#include "record.h"

enum {
	NAME_LONG_MAX = 512,
	NAME_SHORT_MAX = 256,
};

/* "--scenario pingpong --backend mutex --wait poll --queues 1": parameters
 * that have their default are left out. */
void name_long(const struct record *row, char name[NAME_LONG_MAX]);

/* The value of a factor for people: durations as 1ms; "" where it has none. */
void name_value(const struct record *row, int column,
		char text[NAME_SHORT_MAX]);

/* Whether the factor has its scenario's default, or does not apply. */
bool name_is_default(const struct record *row, int column);

/* The factors that tell some cells apart. */
struct naming {
	bool shown[RECORD_COLUMNS_MAX];
	const struct record *first;
};

/* From the rows of all cells. The length of the window is shown only where two
 * cells differ in nothing else. */
void naming_make(struct naming *naming, const struct record *const *rows,
		 size_t count);

/* "mutex poll queues=2", by the shown factors; "2x1" are producers and
 * consumers. */
void name_short(const struct naming *naming, const struct record *row,
		char name[NAME_SHORT_MAX]);

/* What all cells have in common: "pingpong, mutex, llc". */
void name_common(const struct naming *naming, char name[NAME_SHORT_MAX]);

/*
 * Order of two values of a factor: wait policies and placements as they are
 * listed, bounds before queues, queues by name, numbers by size; a cell that
 * does not have the factor comes first.
 */
int factor_compare(const struct record *a, const struct record *b, int column);

/* Order of cells: scenario, wait policy, backend, placement, other factors. */
int cell_compare(const struct record *a, const struct record *b);

#endif
