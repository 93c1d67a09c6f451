/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns that can be compared, and their values. */
#ifndef METRICS_H
#define METRICS_H

#include <stdbool.h>

#include "fault.h"
#include "record.h"
#include "text.h"

enum {
	METRIC_UNIT_MAX = 64,
	METRIC_NONE = -1,
	METRIC_OBJECTIVE = -2, /* the objective of each cell */
};

/* The column of the metric in the rows of this cell. */
int metric_column(int metric, const struct record *cell);

/* The column of a numeric metric, or -1 with the fault set. */
int metric_find(const char *name, struct fault *fault);

enum column_better metric_better(int column);

/*
 * The value of a row to compare. A column that is a sum over the messages is
 * divided by their number. A percentile has no value if the row has too few
 * messages (1000 for p99). Returns false if there is no value.
 */
bool metric_value(const struct record *row, int column, double *value);

/* "messages/s", or "ns per message" for a column that is a sum. */
void metric_unit(int column, char unit[METRIC_UNIT_MAX]);

/* The value with its unit: "1.2ms", "31%", "12.1M" for a rate. */
void metric_format(int column, double value, char text[TEXT_NUMBER_MAX]);

/* "latency_p50" for latency_p50_ns: the name beside values with a unit. */
void metric_short_name(int column, char name[METRIC_UNIT_MAX]);

/*
 * Finds the column of a factor by the name of the column or by the name of the
 * parameter ("pause" for pause_ns). Returns -1 with the fault set if unknown.
 */
int factor_find(const char *name, struct fault *fault);

#endif
