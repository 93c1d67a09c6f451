/* SPDX-License-Identifier: BSD-2-Clause */
/* The value of a table cell as JSON; table_values.h makes its text. */
#ifndef TABLE_JSON_H
#define TABLE_JSON_H

#include <jansson.h>

#include "groups.h"
#include "scenario.h"

/*
 * A factor is a text or a number. A measured value is an object: column,
 * median, the interval of the median (low, high), and the number of
 * observations (count). NULL: the text of the column is its value.
 */
json_t *table_json(const struct table_column *column,
		   const struct group *group);

/* The number as JSON; null for NaN. */
json_t *table_json_number(double number);

#endif
