/* SPDX-License-Identifier: BSD-2-Clause */
/* The ranking of the backends while a run measures: a look at the results so
 * far, not a verdict. */
#ifndef RANKING_H
#define RANKING_H

#include "lookup.h"
#include "record.h"

enum {
	RANKING_TEXT_MAX = 256,
};

/* A cell, with the values of its objective so far. */
struct ranked {
	uint32_t group; /* cells that differ only in the backend */
	char backend[64];
	double *values;
	size_t count;
	double median;
};

struct ranking {
	struct lookup groups;
	struct ranked *cells;
	size_t count;
};

void ranking_free(struct ranking *ranking);

/* Adds a finished observation. Ignores observations that failed, and backends
 * that are not queues. */
void ranking_add(struct ranking *ranking, const struct record *row);

/*
 * "ck_spsc 31.2M, mutex 12.1M": the backends in the group of the cell, best
 * first, with the medians so far. "": fewer than two.
 */
void ranking_text(struct ranking *ranking, const struct record *cell,
		  char text[RANKING_TEXT_MAX]);

#endif
