/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and writes the values of parameters; see param.h. */
#ifndef PARAM_VALUES_H
#define PARAM_VALUES_H

#include "param.h"

struct record;

/* Sets the members set and get of the parameter according to its kind. */
void param_values_complete(struct param *param);

/* Writes the cell's value to its column. A time of 0 leaves the column
 * empty. */
void param_to_record(const struct cell *cell, const struct param *param,
		     struct record *record, int column);

#define PARAM_SET_GET(name)                                                \
	int param_set_##name(struct cell *cell, const struct param *param, \
			     const char *text, struct fault *fault);       \
	void param_get_##name(const struct cell *cell,                     \
			      const struct param *param,                   \
			      char text[CELL_TEXT_MAX]);
PARAM_SET_GET(scenario)
PARAM_SET_GET(backend)
PARAM_SET_GET(wait)
PARAM_SET_GET(placement)

#endif
