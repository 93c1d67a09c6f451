/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "columns.h"

#define COLUMN_ROW(name, type, unit, role, better, scale, meaning)          \
	{ #name,	   unit,	 meaning, TYPE_##type, ROLE_##role, \
	  BETTER_##better, SCALE_##scale },

static const struct column result_columns[] = { RESULT_COLUMNS(COLUMN_ROW) };
static const struct column thread_columns[] = { THREAD_COLUMNS(COLUMN_ROW) };

const struct schema results_schema = { "results.csv", result_columns,
				       RESULT_COLUMN_COUNT };
const struct schema threads_schema = { "threads.csv", thread_columns,
				       THREAD_COLUMN_COUNT };

int schema_find(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (strcmp(schema->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}
