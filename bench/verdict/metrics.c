/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "metrics.h"
#include "record.h"
#include "text.h"

static bool is_metric(const struct column *column)
{
	return column->role == ROLE_METRIC && column->type != TYPE_TEXT;
}

static bool is_factor(const struct column *column)
{
	return column->role == ROLE_FACTOR;
}

static int unknown(const char *what, const char *name,
		   bool (*fits)(const struct column *column),
		   struct fault *fault)
{
	const char *names[RECORD_COLUMNS_MAX], *nearest;
	size_t count = 0;

	for (size_t i = 0; i < results_schema.count; i++)
		if (fits(&results_schema.columns[i]))
			names[count++] = results_schema.columns[i].name;
	nearest = text_nearest(name, names, count);
	return fault_set(fault, EXIT_USAGE,
			 "\"%.60s\" is no %s%s%s; see `ringbench list "
			 "columns`",
			 name, what, nearest ? ", did you mean " : "",
			 nearest ? nearest : "");
}

int metric_find(const char *name, struct fault *fault)
{
	int column = schema_find(&results_schema, name);

	if (column < 0 || !is_metric(&results_schema.columns[column]))
		return unknown("metric that is a number", name, is_metric,
			       fault);
	return column;
}

bool metric_higher_is_better(int column)
{
	return results_schema.columns[column].better == BETTER_HIGHER;
}

int factor_find(const char *name, struct fault *fault)
{
	int column = schema_find(&results_schema, name);
	char with_unit[64];

	if (column < 0) {
		snprintf(with_unit, sizeof(with_unit), "%.50s_ns", name);
		column = schema_find(&results_schema, with_unit);
	}
	if (column < 0 || !is_factor(&results_schema.columns[column]))
		return unknown("factor", name, is_factor, fault);
	return column;
}
