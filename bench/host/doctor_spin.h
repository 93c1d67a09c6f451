/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One thread on each CPU reads the clock in a loop, all at the same time. A
 * long gap between two reads means that another thread, an interrupt or the
 * hypervisor used the CPU.
 */
#ifndef DOCTOR_SPIN_H
#define DOCTOR_SPIN_H

#include <stdint.h>

#include "doctor.h"

enum {
	GAP_BUCKETS = 11, /* number of buckets; the first begins at 1 us; two
			     for each power of ten */
};

extern const int64_t gap_lows_ns[GAP_BUCKETS];

/* The time that one CPU lost. At the start all members except usual_ns and
 * limit_ns are 0. */
struct gaps {
	int64_t usual_ns; /* usual time between two reads of the clock */
	int64_t limit_ns; /* a longer time is a gap */
	int64_t elapsed_ns;
	int64_t lost_ns; /* sum of the gaps, minus the usual time */
	int64_t longest_ns;
	int64_t runqueue_ns; /* time in which other threads ran; -1: unknown */
	uint64_t counts[GAP_BUCKETS];
};

/* Sets the usual time, and the limit: 10 times the usual time, at least 1
 * us. */
void gaps_set_usual(struct gaps *gaps, int64_t usual_ns);
void gaps_add(struct gaps *gaps, int64_t ns);
double gaps_share(const struct gaps *gaps);

struct spin {
	int64_t duration_ns;
	int count;
	int *cpus;
	struct gaps *gaps;  /* one for each CPU */
	double steal_share; /* stolen share of the time of these CPUs; -1:
			       unknown */
};

/* Spins on all allowed CPUs. Returns 0 or -errno. */
int spin_run(struct spin *spin, int64_t duration_ns);
void spin_free(struct spin *spin);

/* Adds two findings: the gaps, and the steal that the kernel counted. */
void spin_judge(const struct spin *spin, struct doctor *doctor);

/* Prints a chart for each of at most 8 CPUs. The CPU that lost the most time
 * comes first. */
void spin_print(const struct spin *spin, FILE *to);
json_t *spin_json(const struct spin *spin);

#endif
