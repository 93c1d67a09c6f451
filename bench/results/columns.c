/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "record.h"

#define COLUMN_ROW(name, type, unit, role, better, scale, meaning)           \
	{ #name,	   unit,	  meaning, TYPE_##type, ROLE_##role, \
	  BETTER_##better, SCALE_##scale, false },
#define DERIVED_ROW(name, type, unit, role, better, scale, meaning)          \
	{ #name,	   unit,	  meaning, TYPE_##type, ROLE_##role, \
	  BETTER_##better, SCALE_##scale, true },

static struct column result_columns[RECORD_COLUMNS_MAX] = { RESULT_COLUMNS(
	COLUMN_ROW) DERIVED_COLUMNS(DERIVED_ROW) };
static const struct column thread_columns[] = { THREAD_COLUMNS(COLUMN_ROW) };

struct schema results_schema = { "results.csv", result_columns,
				 COMMON_COLUMN_COUNT, NULL };
const struct schema threads_schema = { "threads.csv", thread_columns,
				       THREAD_COLUMN_COUNT, NULL };

int schema_find(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (!schema->columns[i].is_derived &&
		    strcmp(schema->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}

static bool same_declaration(const struct column *a, const struct column *b)
{
	return strcmp(a->unit, b->unit) == 0 &&
	       strcmp(a->meaning, b->meaning) == 0 && a->type == b->type &&
	       a->role == b->role && a->better == b->better &&
	       a->scale == b->scale;
}

int schema_declare(const struct column *column)
{
	int known = schema_find(&results_schema, column->name);

	if (known >= 0)
		return same_declaration(&result_columns[known], column) ? known
									: -1;
	if (results_schema.count == RECORD_COLUMNS_MAX)
		abort();
	result_columns[results_schema.count] = *column;
	return (int)results_schema.count++;
}
