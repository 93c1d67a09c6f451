/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "groups.h"
#include "metrics.h"
#include "record.h"

int metric_column(int metric, const struct record *cell)
{
	return metric == METRIC_OBJECTIVE ? objective_of(cell) : metric;
}

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
	const char *names[RECORD_COLUMNS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < results_schema.count; i++)
		if (fits(&results_schema.columns[i]))
			names[count++] = results_schema.columns[i].name;
	fault_set(fault, EXIT_USAGE, "\"%.60s\" is not a %s", name, what);
	return fault_suggest(fault, name, "", names, count,
			     "see `ringbench list columns`");
}

int metric_find(const char *name, struct fault *fault)
{
	int column = schema_find(&results_schema, name);

	if (column < 0 || !is_metric(&results_schema.columns[column]))
		return unknown("numeric metric", name, is_metric, fault);
	return column;
}

enum column_better metric_better(int column)
{
	return results_schema.columns[column].better;
}

/* The smallest number of samples for a percentile such as wake_p99_ns: 10 / (1
 * - p). 0: the column is not a percentile. */
static double samples_of_percentile(const char *name)
{
	const char *at = strstr(name, "_p");
	double above = 1;

	if (!at || !isdigit((unsigned char)at[2]))
		return 0;
	if (strncmp(at, "_p50", 4) == 0)
		return 20;
	for (at += 2; *at == '9'; at++)
		above /= 10;
	return *at == '_' ? 10 / above : 0;
}

bool metric_value(const struct record *row, int column, double *value)
{
	const struct column *metric = &row->schema->columns[column];
	double messages = (double)record_integer(row, COLUMN_messages);

	if (!record_has(row, column) ||
	    messages < samples_of_percentile(metric->name) * (1 - 1e-9))
		return false;
	*value = record_number(row, column);
	if (metric->scale == SCALE_SUM)
		*value /= messages;
	return isfinite(*value);
}

void metric_unit(int column, char unit[METRIC_UNIT_MAX])
{
	const struct column *metric = &results_schema.columns[column];

	snprintf(unit, METRIC_UNIT_MAX, "%.30s%s",
		 *metric->unit ? metric->unit : metric->name,
		 metric->scale == SCALE_SUM ? " per message" : "");
}

static void format_ns(double ns, char text[TEXT_NUMBER_MAX])
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	int unit = 0;

	while (fabs(ns) >= 999.5 && unit < 3) {
		ns /= 1000;
		unit++;
	}
	snprintf(text, TEXT_NUMBER_MAX, "%.*f%s",
		 unit == 0 || fabs(ns) >= 99.95 ? 0 : 1, ns, units[unit]);
}

void metric_format(int column, double value, char text[TEXT_NUMBER_MAX])
{
	const struct column *declared = &results_schema.columns[column];

	if (strcmp(declared->unit, "ns") == 0)
		format_ns(value, text);
	else if (column == COLUMN_idle_share)
		snprintf(text, TEXT_NUMBER_MAX, "%.0f%%", 100 * value);
	else if (strcmp(declared->unit, "CPUs") == 0)
		/* Small shares have more decimals, such as 0.0050%, because an
		 * idle thread uses little CPU time. */
		snprintf(text, TEXT_NUMBER_MAX, "%.*f%%",
			 value >= 0.0995    ? 0
			 : value >= 0.00095 ? 1
					    : 4,
			 100 * value);
	else
		text_format_short(value, text);
}

void metric_short_name(int column, char name[METRIC_UNIT_MAX])
{
	size_t length;

	snprintf(name, METRIC_UNIT_MAX, "%s",
		 column == COLUMN_throughput_msg_per_s
			 ? "msg/s"
			 : results_schema.columns[column].name);
	length = strlen(name);
	if (length > 3 && strcmp(name + length - 3, "_ns") == 0)
		name[length - 3] = '\0';
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
