/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Latencies as columns of a row: percentiles as far as the number of samples
 * allows, and the distribution. For every scenario that records times into a
 * histogram:
 *
 *	static const struct column metrics[] = {
 *		LATENCY_COLUMNS("wake_latency",
 *				"wakeup: from push to the consumer running"),
 *		{ NULL },
 *	};
 *	latency_set(result, "wake_latency", &histogram);
 */
#ifndef LATENCY_H
#define LATENCY_H

#include "histogram.h"
#include "record.h"

#define LATENCY_COLUMN(prefix, part, meaning, which)                           \
	{                                                                      \
		prefix "_" part "_ns", "ns", meaning ", " which, TYPE_INTEGER, \
			ROLE_METRIC, BETTER_LOWER, SCALE_VALUE                 \
	}

/* The columns that latency_set() sets. A scenario may declare some of them. */
#define LATENCY_P50(prefix, meaning) \
	LATENCY_COLUMN(prefix, "p50", meaning, "median")
#define LATENCY_P90(prefix, meaning) \
	LATENCY_COLUMN(prefix, "p90", meaning, "90th percentile")
#define LATENCY_P99(prefix, meaning) \
	LATENCY_COLUMN(prefix, "p99", meaning, "99th percentile")
#define LATENCY_P999(prefix, meaning) \
	LATENCY_COLUMN(prefix, "p999", meaning, "99.9th percentile")
#define LATENCY_MAX(prefix, meaning) \
	LATENCY_COLUMN(prefix, "max", meaning, "longest")
#define LATENCY_COLUMNS(prefix, meaning)                                     \
	LATENCY_P50(prefix, meaning), LATENCY_P90(prefix, meaning),          \
		LATENCY_P99(prefix, meaning), LATENCY_P999(prefix, meaning), \
		LATENCY_MAX(prefix, meaning)

/* PREFIX_histogram: the distribution, for pictures. */
#define LATENCY_HISTOGRAM(prefix, meaning)                              \
	{                                                               \
		prefix "_histogram", "",                                \
			meaning ": lower end of a bucket in ns:count, " \
				"joined by +",                          \
			TYPE_TEXT, ROLE_METRIC, BETTER_NEITHER          \
	}

/*
 * Sets the columns above that the scenario declares. A percentile p needs 10 /
 * (1 - p) samples, so that at least 10 samples are longer; otherwise its column
 * stays empty.
 */
void latency_set(struct record *result, const char *prefix,
		 const struct histogram *histogram);

#endif
