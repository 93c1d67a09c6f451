/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plan: lines of parameters, each the product of its lists, laid out into
 * cells. What cannot work is left out by name and reason.
 */
#ifndef PLAN_H
#define PLAN_H

#include "cell.h"
#include "lookup.h"
#include "topology.h"

enum {
	PLAN_NAME_MAX = 64,
	PLAN_PARAMS_MAX = 32 + OWN_PARAMS_MAX,
	PLAN_ROUNDS = 12, /* unless said otherwise */
	PLAN_ROUNDS_MAX = 100000,
	PLAN_CELLS_MAX = 100000, /* those left out included */
};

/* A combination that was left out. */
struct skipped {
	char name[CELL_NAME_MAX];
	char reason[SCENARIO_REASON_MAX];
};

/* Where a placement leads to on this machine. */
struct plan_place {
	bool known;
	int count; /* -1: nowhere, for this reason */
	int cpus[RIG_THREADS_MAX];
	char reason[SCENARIO_REASON_MAX];
};

struct plan {
	char name[PLAN_NAME_MAX];
	char **lines; /* as written, without comments; to be stored */
	size_t line_count;
	struct cell *cells;
	size_t count;
	struct skipped *skipped;
	size_t skipped_count;
	int64_t rounds;
	int64_t seed;	    /* -1: not given */
	struct lookup keys; /* of the cells */
	struct plan_place places[PLACEMENTS];
};

/* The lists of one line, in the order of params[]; NULL: not given. */
struct plan_line {
	const char *lists[PLAN_PARAMS_MAX];
};

void plan_init(struct plan *plan, const char *name);
void plan_free(struct plan *plan);

/*
 * Lays out one line. `text` is kept as the line's form for run.json. Returns
 * 0, or -1 with the fault set (an unknown name, a number out of range).
 */
int plan_add(struct plan *plan, const struct plan_line *line, const char *text,
	     const struct topology *topology, struct fault *fault);

/* Parses one line of a plan file and adds it. Words: --name VALUE or
 * --name=VALUE; --rounds and --seed hold for the whole plan. */
int plan_parse_line(struct plan *plan, const char *text,
		    const struct topology *topology, struct fault *fault);

/* Reads a plan by its name in bench/plans/, or by the path of a file. */
int plan_load(struct plan *plan, const char *name,
	      const struct topology *topology, struct fault *fault);

/*
 * The order of a round, from the seed, where `sides` programs measure each
 * cell: a permutation of 0 .. sides * count - 1, in which i stands for cell
 * i / sides and side i % sides. The sides of a cell follow each other, in a
 * random order, so that whatever drifts hits them alike.
 */
void plan_shuffle(const struct plan *plan, int64_t round, size_t sides,
		  size_t *order);

/* Seconds that so many rounds take, by the durations of the cells. */
double plan_seconds(const struct plan *plan, int64_t rounds);

/* Parses --rounds and --seed. */
int plan_set_rounds(struct plan *plan, const char *text, struct fault *fault);
int plan_set_seed(struct plan *plan, const char *text, struct fault *fault);

#endif
