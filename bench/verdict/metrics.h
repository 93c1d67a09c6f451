/* SPDX-License-Identifier: BSD-2-Clause */
/* Which columns can be compared, and what is compared of them. */
#ifndef METRICS_H
#define METRICS_H

#include <stdbool.h>

#include "fault.h"
#include "record.h"

enum {
	METRIC_UNIT_MAX = 64,
};

/* The column of a metric that is a number, or -1 with the fault set. */
int metric_find(const char *name, struct fault *fault);

enum column_better metric_better(int column);

/*
 * The value that is compared: of a sum, the share of one message; of a
 * percentile, none where the messages are too few to have it (1000 for p99).
 * false: there is none.
 */
bool metric_value(const struct record *row, int column, double *value);

/* "messages/s", or "ns per message" of a sum. */
void metric_unit(int column, char unit[METRIC_UNIT_MAX]);

/*
 * The column of a factor by its name, or by that of the parameter without its
 * unit (pause for pause_ns), or -1 with the fault set.
 */
int factor_find(const char *name, struct fault *fault);

#endif
