/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of a run that carry the requested load, and their costs. */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include "backend.h"
#include "groups.h"
#include "run.h"
#include "wishes.h"

/* How a cell meets a wish, or all wishes. */
enum fit {
	FIT_YES,
	FIT_UNSURE, /* the median meets the wish, but the 95 % interval reaches
		       beyond the limit, or there is no interval */
	FIT_NO,
};

/* The reason why a cell cannot be recommended, whatever it costs. */
enum obstacle {
	OBSTACLE_NONE,
	OBSTACLE_RATE,	   /* did not reach the offered rate */
	OBSTACLE_FAILED,   /* verification failed in a round */
	OBSTACLE_ORDER,	   /* promises less order than requested */
	OBSTACLE_BLOCKING, /* push or pop is blocking */
	OBSTACLE_UNBOUNDED,
	OBSTACLE_UNKNOWN, /* the percentile or the CPU time was not measured */
};

struct candidate {
	const struct group *group;
	struct spread latency; /* latency at the requested percentile, ns */
	struct spread cpu;     /* CPU time of all consumers together, in CPUs */
	struct spread push;    /* CPU time of all producers together, in CPUs */
	double late; /* median share of messages that were sent late */
	enum obstacle obstacle;
	enum fit fit; /* how the cell meets all limits together */
};

struct candidates {
	struct candidate *list;
	size_t count;
	size_t farther; /* cells left out, because they were also measured at a
			   smaller core distance */
	int latency_column; /* of results.csv */
	int cpu_column;
	int push_column;
};

/* If there is no limit for the latency, sets the percentile to the highest
 * percentile that the run has for this load: p99, p90 or p50. */
void candidates_choose_percentile(const struct run *run, struct wishes *wishes);

/* Finds the cells of scenario stream with the requested threads and rate, in
 * the order of cell_compare(). Bounds are left out. A cell that was measured at
 * several core distances is a candidate at one of them; see groups_choose(). */
void candidates_find(struct candidates *candidates, const struct run *run,
		     const struct wishes *wishes);
void candidates_free(struct candidates *candidates);

/* Why a queue cannot meet the wishes: its order, its progress class or its
 * unlimited capacity. */
enum obstacle candidates_obstacle(const struct backend *backend,
				  const struct wishes *wishes);

/* Why the candidate cannot be recommended: "does not reach the rate". */
const char *obstacle_text(enum obstacle obstacle);

#endif
