/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "latency.h"

enum {
	/* Number of samples that must be longer than a percentile. */
	BEYOND_MIN = 10,
	NAME_MAX_BYTES = 64,
};

/* The position of the column PREFIX_PART; -1: it is not declared. */
static int find(const char *prefix, const char *part)
{
	char name[NAME_MAX_BYTES];

	snprintf(name, sizeof(name), "%s_%s", prefix, part);
	return schema_find(&results_schema, name);
}

static void set_percentile(struct record *result, const char *prefix,
			   const char *part, unsigned per_mille,
			   const struct histogram *histogram)
{
	int column = find(prefix, part);

	if (column >= 0 &&
	    histogram->count * (1000 - per_mille) >= 1000 * BEYOND_MIN)
		record_set_integer(
			result, column,
			(int64_t)histogram_quantile(histogram, per_mille));
}

void latency_set(struct record *result, const char *prefix,
		 const struct histogram *histogram)
{
	int max = find(prefix, "max_ns"), text = find(prefix, "histogram");
	char buckets[RECORD_FIELD_MAX];

	_Static_assert((int)HISTOGRAM_TEXT_MAX <= (int)RECORD_FIELD_MAX,
		       "a histogram fits a field");
	if (histogram->count == 0)
		return;
	set_percentile(result, prefix, "p50_ns", 500, histogram);
	set_percentile(result, prefix, "p90_ns", 900, histogram);
	set_percentile(result, prefix, "p99_ns", 990, histogram);
	set_percentile(result, prefix, "p999_ns", 999, histogram);
	if (max >= 0)
		record_set_integer(result, max, (int64_t)histogram->max_ns);
	if (text < 0)
		return;
	histogram_format(histogram, buckets, sizeof(buckets));
	record_set_text(result, text, buckets);
}
