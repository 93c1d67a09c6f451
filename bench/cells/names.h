/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of cells, and the one order in which cells are shown. The long name
 * identifies a cell and can be pasted after `ringbench run`; the short name
 * contains only the factors that differ between the cells of one table.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>

#include "record.h"

enum {
	NAME_LONG_MAX = 512,
	NAME_SHORT_MAX = 256,
};

/* "--scenario pingpong --backend mutex --wait poll --queues 1": parameters with
 * their default value are left out. */
void name_long(const struct record *row, char name[NAME_LONG_MAX]);

/* The value of a factor as text: a duration as 1ms; "" if the factor does not
 * apply. */
void name_value(const struct record *row, int column,
		char text[NAME_SHORT_MAX]);

/* Whether the factor has the default of its scenario, or does not apply. */
bool name_is_default(const struct record *row, int column);

/* The factors that differ between cells. */
struct naming {
	bool shown[RECORD_COLUMNS_MAX];
	const struct record *first;
};

/* Finds the factors that differ between the rows of a scenario, and whether the
 * scenarios differ. The length of the window is included only if two cells
 * differ in nothing else. */
void naming_make(struct naming *naming, const struct record *const *rows,
		 size_t count);

/* "mutex poll queues=2": the values of the factors that differ. "2x1" means 2
 * producers and 1 consumer. */
void name_short(const struct naming *naming, const struct record *row,
		char name[NAME_SHORT_MAX]);

/* The values that all cells have in common: "pingpong, mutex, llc". */
void name_common(const struct naming *naming, char name[NAME_SHORT_MAX]);

/*
 * Compares two rows by one factor. Wait policies and placements are in the
 * order of their lists, bounds come before queues, queues are in the order of
 * their names, numbers in the order of their size. A cell without the factor
 * comes first.
 */
int factor_compare(const struct record *a, const struct record *b, int column);

/* Compares two cells by scenario, then wait policy, backend, placement, and the
 * other factors. */
int cell_compare(const struct record *a, const struct record *b);

#endif
