/* SPDX-License-Identifier: BSD-2-Clause */
/* The results of a test and of an estimate. */
#ifndef INFERENCE_H
#define INFERENCE_H

#include <stdbool.h>
#include <stddef.h>

struct test {
	size_t n; /* number of values; for pairs, without zeros */
	double statistic;
	double p;   /* two-sided; 1 without values */
	bool exact; /* false: by the normal distribution */
};

/* An estimate and the narrowest interval with at least the wanted coverage. */
struct estimate {
	double value; /* NaN without data */
	bool has_interval;
	double low;
	double high;
	double coverage; /* of the interval; 0 without interval */
};

#endif
