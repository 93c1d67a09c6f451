/* SPDX-License-Identifier: BSD-2-Clause */
/* The results of a test and of an estimate. */
#ifndef INFERENCE_H
#define INFERENCE_H

#include <stdbool.h>
#include <stddef.h>

struct test {
	size_t n; /* number of values; for pairs, number of differences other
		     than 0 */
	double statistic;
	double p;   /* two-sided p; 1 if there are no values */
	bool exact; /* p is exact; false: p is from the normal distribution */
};

/* An estimate and the narrowest interval with at least the requested
 * coverage. */
struct estimate {
	double value; /* the estimate; NaN if there are no data */
	bool has_interval;
	double low;
	double high;
	double coverage; /* coverage of the interval; 0: no interval */
};

#endif
