/* SPDX-License-Identifier: BSD-2-Clause */
/* What a test and what an interval say. */
#ifndef INFERENCE_H
#define INFERENCE_H

#include <stdbool.h>
#include <stddef.h>

struct test {
	size_t n; /* values that count: zeros do not, where there are pairs */
	double statistic;
	double p;   /* two-sided; 1 where nothing counts */
	bool exact; /* or by the normal distribution */
};

/* An estimate and the narrowest interval that covers at least as asked. */
struct estimate {
	double value; /* NaN without data */
	bool has_interval;
	double low;
	double high;
	double coverage; /* what the interval has; 0 without one */
};

#endif
