/* SPDX-License-Identifier: BSD-2-Clause */
/* Which columns can be compared, and which way is better. */
#ifndef METRICS_H
#define METRICS_H

#include "columns.h"
#include "fault.h"

#include <stdbool.h>

/* The column of a metric that is a number, or -1 with the fault set. */
int metric_find(const char *name, struct fault *fault);

/* Rates and messages; of times, shares and events, less is better. */
bool metric_higher_is_better(int column);

/*
 * The column of a factor by its name, or by that of the parameter without its
 * unit (pause for pause_ns), or -1 with the fault set.
 */
int factor_find(const char *name, struct fault *fault);

#endif
