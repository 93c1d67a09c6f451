/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "bound.h"
#include "names.h"
#include "table_json.h"

json_t *table_json_number(double number)
{
	return isfinite(number) ? json_real(number) : json_null();
}

static json_t *measured(const struct group *group, int column)
{
	struct spread spread = group_spread(group, column);

	return json_pack(
		"{s:s, s:o, s:o, s:o, s:I}", "column",
		results_schema.columns[column].name, "median",
		table_json_number(spread.median), "low",
		table_json_number(spread.has_interval ? spread.low : NAN),
		"high",
		table_json_number(spread.has_interval ? spread.high : NAN),
		"count", (json_int_t)spread.count);
}

static json_t *of_column(const struct group *group, int column)
{
	const struct column *declared = &results_schema.columns[column];
	const struct record *row = group->example;

	if (declared->type == TYPE_TEXT)
		return NULL;
	if (declared->role != ROLE_FACTOR)
		return measured(group, column);
	return record_has(row, column)
		       ? json_integer(record_integer(row, column))
		       : json_null();
}

json_t *table_json(const struct table_column *column, const struct group *group)
{
	const char *what = column->what;
	double rate;

	if (!group)
		return json_null();
	if (column->text || strcmp(what, "shape") == 0)
		return NULL;
	if (strcmp(what, "objective") == 0)
		return measured(group, objective_of(group->example));
	if (strcmp(what, "idle") == 0)
		return measured(group, COLUMN_idle_share);
	if (strcmp(what, "of_bound") == 0)
		return table_json_number(bound_share(group));
	if (strcmp(what, "undisturbed") == 0)
		return json_pack("{s:I, s:I}", "undisturbed",
				 (json_int_t)group->undisturbed, "rounds",
				 (json_int_t)group->rounds);
	if (strcmp(what, "ns") != 0)
		return of_column(group, column_of(what));
	rate = group_spread(group, COLUMN_throughput_msg_per_s).median;
	return table_json_number(rate > 0 ? 1e9 / rate : NAN);
}
