/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread on every CPU at once does nothing but look at the clock. Where two
 * looks are far apart, somebody else had the CPU: another thread, an
 * interrupt, or the hypervisor.
 */
#ifndef DOCTOR_SPIN_H
#define DOCTOR_SPIN_H

#include <stdint.h>

#include "doctor.h"

enum {
	GAP_BUCKETS = 11, /* from 1 us on, two for each power of ten */
};

extern const int64_t gap_lows_ns[GAP_BUCKETS];

/* What one CPU lost. Zeroed but for usual_ns: nothing yet. */
struct gaps {
	int64_t usual_ns; /* between two looks at the clock */
	int64_t limit_ns; /* what takes longer is a gap */
	int64_t elapsed_ns;
	int64_t lost_ns; /* in gaps, beyond the usual time */
	int64_t longest_ns;
	int64_t runqueue_ns; /* of it behind other threads; -1: unknown */
	uint64_t counts[GAP_BUCKETS];
};

/* 10 times the usual time, and 1 us at the least. */
void gaps_set_usual(struct gaps *gaps, int64_t usual_ns);
void gaps_add(struct gaps *gaps, int64_t ns);
double gaps_share(const struct gaps *gaps);

struct spin {
	int64_t duration_ns;
	int count;
	int *cpus;
	struct gaps *gaps;  /* of each */
	double steal_share; /* of these CPUs' time; -1: unknown */
};

/* Spins on all allowed CPUs. Returns 0 or -errno. */
int spin_run(struct spin *spin, int64_t duration_ns);
void spin_free(struct spin *spin);

/* Adds what was found: gaps, and steal by the kernel's ticks. */
void spin_judge(const struct spin *spin, struct doctor *doctor);

/* A chart of each CPU, those that lost most first, at most 8. */
void spin_print(const struct spin *spin, FILE *to);
json_t *spin_json(const struct spin *spin);

#endif
