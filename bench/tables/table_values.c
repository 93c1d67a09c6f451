/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "metrics.h"
#include "names.h"
#include "registry.h"
#include "bound.h"
#include "table_values.h"
#include "text.h"

static const char none[] = "-";

static int objective(const struct group *group)
{
	return objective_of(group->example);
}

static double median(const struct group *group, int column)
{
	return group_spread(group, column).median;
}

void table_number(int column, double value, char text[TEXT_NUMBER_MAX])
{
	if (isfinite(value))
		metric_format(column, value, text);
	else
		snprintf(text, TEXT_NUMBER_MAX, none);
}

/* "31" for a share of 0.31; above 999 % in short form, such as "1.25k". */
static void format_percent(double share, char text[TEXT_NUMBER_MAX])
{
	if (100 * share < 999.5)
		snprintf(text, TEXT_NUMBER_MAX, "%.0f", 100 * share);
	else
		text_format_short(100 * share, text);
}

void table_median(const struct group *group, int column,
		  char text[TEXT_TABLE_CELL_MAX])
{
	struct spread spread = group_spread(group, column);
	char number[TEXT_NUMBER_MAX];
	char low[TEXT_NUMBER_MAX], high[TEXT_NUMBER_MAX];

	table_number(column, spread.median, number);
	if (!spread.has_interval || !(spread.median > 0)) {
		snprintf(text, TEXT_TABLE_CELL_MAX, "%s", number);
		return;
	}
	format_percent(1 - spread.low / spread.median, low);
	format_percent(spread.high / spread.median - 1, high);
	if (strcmp(low, high) == 0)
		snprintf(text, TEXT_TABLE_CELL_MAX, "%.16s +-%.16s%%", number,
			 low);
	else
		snprintf(text, TEXT_TABLE_CELL_MAX, "%.16s -%.16s+%.16s%%",
			 number, low, high);
}

/* The most frequent text of the column; the earliest text if several are
 * equally frequent. */
static void most_frequent(const struct group *group, int column,
			  char text[TEXT_TABLE_CELL_MAX])
{
	size_t most = 0;

	for (size_t i = 0; i < group->count; i++) {
		const char *name = record_text(group->members[i], column);
		size_t same = 0;

		for (size_t j = 0; j < group->count; j++)
			same += strcmp(record_text(group->members[j], column),
				       name) == 0;
		if (!*name || same <= most)
			continue;
		most = same;
		snprintf(text, TEXT_TABLE_CELL_MAX, "%.40s", name);
	}
}

static void shape(const struct group *group, char text[TEXT_TABLE_CELL_MAX])
{
	const struct record *row = group->example;

	if (record_has(row, COLUMN_consumers))
		snprintf(text, TEXT_TABLE_CELL_MAX, "%" PRId64 "x%" PRId64,
			 record_integer(row, COLUMN_producers),
			 record_integer(row, COLUMN_consumers));
}

/* Nanoseconds for each message, at the median rate. */
static void ns_per_message(const struct group *group,
			   char text[TEXT_TABLE_CELL_MAX])
{
	double rate = median(group, COLUMN_throughput_msg_per_s);
	char number[TEXT_NUMBER_MAX];

	if (!(rate > 0))
		return;
	text_format_short(1e9 / rate, number);
	snprintf(text, TEXT_TABLE_CELL_MAX, "%s", number);
}

static void of_bound(const struct group *group, char text[TEXT_TABLE_CELL_MAX])
{
	double share = 100 * bound_share(group);
	char number[TEXT_NUMBER_MAX];

	if (!isfinite(share))
		return;
	text_format_short(share, number);
	if (share < 999.5)
		snprintf(text, TEXT_TABLE_CELL_MAX, "%.*f%%", share < 9.95,
			 share);
	else
		snprintf(text, TEXT_TABLE_CELL_MAX, "%s%%", number);
}

/* "9 of 12" */
static void undisturbed(const struct group *group,
			char text[TEXT_TABLE_CELL_MAX])
{
	if (group->rounds)
		snprintf(text, TEXT_TABLE_CELL_MAX, "%zu of %zu",
			 group->undisturbed, group->rounds);
}

void table_distance(const struct record *row, char text[CELL_TEXT_MAX])
{
	char value[NAME_SHORT_MAX];

	name_value(row, COLUMN_distance_ns, value);
	if (*value)
		snprintf(text, CELL_TEXT_MAX, "%.30s", value);
}

void table_place(const struct record *row, char text[CELL_TEXT_MAX])
{
	char distance[CELL_TEXT_MAX] = "";

	table_distance(row, distance);
	snprintf(text, CELL_TEXT_MAX, "%.16s%s%.16s",
		 record_text(row, COLUMN_placement), *distance ? " " : "",
		 distance);
}

static void of_column(const struct group *group, int column,
		      char text[TEXT_TABLE_CELL_MAX])
{
	const struct column *declared = &results_schema.columns[column];
	char value[NAME_SHORT_MAX], number[TEXT_NUMBER_MAX];

	if (declared->role == ROLE_FACTOR) {
		name_value(group->example, column, value);
		if (*value)
			snprintf(text, TEXT_TABLE_CELL_MAX, "%.60s", value);
	} else if (declared->type == TYPE_TEXT) {
		most_frequent(group, column, text);
	} else if (column == COLUMN_capacity_usable &&
		   median(group, column) == 0) {
		snprintf(text, TEXT_TABLE_CELL_MAX, "unbounded");
	} else if (column == COLUMN_capacity_usable) {
		if (group_spread(group, column).count)
			snprintf(text, TEXT_TABLE_CELL_MAX, "%.0f",
				 median(group, column));
	} else {
		table_number(column, median(group, column), number);
		snprintf(text, TEXT_TABLE_CELL_MAX, "%s", number);
	}
}

void table_value(const struct table_column *column, const struct group *group,
		 char text[TEXT_TABLE_CELL_MAX])
{
	snprintf(text, TEXT_TABLE_CELL_MAX, none);
	if (!group)
		return;
	if (column->text)
		column->text(group->example, text);
	else if (strcmp(column->what, "objective") == 0)
		table_median(group, objective(group), text);
	else if (strcmp(column->what, "idle") == 0)
		of_column(group, COLUMN_idle_share, text);
	else if (strcmp(column->what, "shape") == 0)
		shape(group, text);
	else if (strcmp(column->what, "ns") == 0)
		ns_per_message(group, text);
	else if (strcmp(column->what, "of_bound") == 0)
		of_bound(group, text);
	else if (strcmp(column->what, "undisturbed") == 0)
		undisturbed(group, text);
	else
		of_column(group, column_of(column->what), text);
}

void table_ratio(const struct group *one, const struct group *two,
		 char text[TEXT_TABLE_CELL_MAX])
{
	char number[TEXT_NUMBER_MAX];
	double ratio = NAN;

	snprintf(text, TEXT_TABLE_CELL_MAX, none);
	if (one && two)
		ratio = median(one, objective(one)) /
			median(two, objective(two));
	if (!isfinite(ratio))
		return;
	text_format_short(ratio < 1 ? 1 / ratio : ratio, number);
	snprintf(text, TEXT_TABLE_CELL_MAX, "%s%.28s", ratio < 1 ? "1/" : "",
		 number);
}

void table_title(const struct table_column *column,
		 char title[TEXT_TABLE_CELL_MAX])
{
	const struct param *param = column->what ? param_of_column(column->what)
						 : NULL;

	snprintf(title, TEXT_TABLE_CELL_MAX, "%.60s",
		 column->title ? column->title
		 : param       ? param->name
			       : column->what);
}
