/* SPDX-License-Identifier: BSD-2-Clause */
/* The ranking of the backends while a run measures: the medians of the results
 * so far, not a verdict. */
#ifndef LEADERS_H
#define LEADERS_H

#include "lookup.h"
#include "record.h"

enum {
	LEADERS_TEXT_MAX = 256,
};

/* A cell, with the values of its objective so far. */
struct ranked {
	uint32_t group; /* cells that differ only in the backend */
	char backend[64];
	double *values;
	size_t count;
	double median;
};

struct leaders {
	struct lookup groups;
	struct ranked *cells;
	size_t count;
};

void leaders_free(struct leaders *leaders);

/* Adds a finished observation. Ignores observations that failed, and backends
 * that are not queues. */
void leaders_add(struct leaders *leaders, const struct record *row);

/*
 * "msg/s ck_spsc 31.2M, mutex 12.1M": the objective and the backends in the
 * group of the cell, best first, with the medians so far. With a rate:
 * "latency_p50 ck_spsc 310ns, mutex 1.2us". "": fewer than two backends have
 * results.
 */
void leaders_text(struct leaders *leaders, const struct record *cell,
		  char text[LEADERS_TEXT_MAX]);

#endif
