/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields that tables are made of: title, width, and the text of a cell. */
#ifndef TABLE_FIELDS_H
#define TABLE_FIELDS_H

#include <stdio.h>

#include "groups.h"

enum {
	CELL_WIDTH = 18, /* of field_rate_and_idle() */
	TABLE_CELL_MAX = 64,
};

struct field {
	const char *title; /* NULL: the end of the list */
	int width;	   /* negative: on the left, as printf() has it */
	void (*format)(const struct group *group, char text[TABLE_CELL_MAX]);
};

/* Wait policy, backend, placement. */
extern const struct field label_fields[];
/* Batches and payloads. */
extern const struct field freight_fields[];
/* What differs by the way in which a run ends. */
extern const struct field end_fields[];
/* pingpong with two queues, and its distance to the roof. */
extern const struct field pingpong_roof_fields[];
/* Those of a scenario; roof: where the run has one for it. */
const struct field *fields_of(const char *scenario, bool roof);

/* "96.1M +-4%   29%": median, half the interval, share of time waiting; "-"
 * where there is no such group. */
void field_rate_and_idle(const struct group *group, char text[TABLE_CELL_MAX]);

void fields_print_head(const struct field *fields, FILE *to);

/* One row without its newline; the wait policy only where it changes. */
void fields_print(const struct field *fields, const struct group *group,
		  const char **wait, FILE *to);

#endif
