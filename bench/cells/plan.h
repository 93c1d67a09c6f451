/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plan: lines of parameters. The cells of a line are all combinations of the
 * values in its lists. Cells that cannot be measured are skipped, with their
 * name and the reason.
 */
#ifndef PLAN_H
#define PLAN_H

#include "cell.h"
#include "lookup.h"
#include "topology.h"

enum {
	PLAN_NAME_MAX = 64,
	PLAN_PARAMS_MAX = 32 + OWN_PARAMS_MAX,
	PLAN_ROUNDS = 12, /* default of --rounds */
	PLAN_ROUNDS_MAX = 100000,
	PLAN_RETRY = 2, /* default of --retry */
	PLAN_RETRY_MAX = 100,
	PLAN_CELLS_MAX =
		100000, /* largest number of cells, skipped cells included */
};

/* A cell that was skipped. */
struct skipped {
	char name[CELL_NAME_MAX];
	char reason[SCENARIO_REASON_MAX];
};

/* The CPUs that a placement gives on this machine. */
struct plan_place {
	bool known;
	int count; /* number of CPUs; -1: not possible, see `reason` */
	int cpus[RIG_THREADS_MAX];
	char reason[SCENARIO_REASON_MAX];
};

struct plan {
	char name[PLAN_NAME_MAX];
	char **lines; /* the lines without comments, for run.json */
	size_t line_count;
	struct cell *cells;
	size_t count;
	struct skipped *skipped;
	size_t skipped_count;
	int64_t rounds;
	int64_t retry;	    /* how often a disturbed cell is measured again in a
			       round */
	int64_t seed;	    /* -1: not given */
	struct lookup keys; /* keys of the cells */
	struct plan_place places[PLACEMENTS];
};

/* The lists of one line, in the order of params[]; NULL: not given. */
struct plan_line {
	const char *lists[PLAN_PARAMS_MAX];
};

void plan_init(struct plan *plan, const char *name);
void plan_free(struct plan *plan);

/*
 * Adds the cells of one line. `text` is the line as run.json stores it. Returns
 * 0, or -1 with the fault set (an unknown name, a number out of range).
 */
int plan_add(struct plan *plan, const struct plan_line *line, const char *text,
	     const struct topology *topology, struct fault *fault);

/* Parses one line of a plan file and adds it. Words: --name VALUE or
 * --name=VALUE; --rounds and --seed apply to the whole plan. */
int plan_parse_line(struct plan *plan, const char *text,
		    const struct topology *topology, struct fault *fault);

/* Reads a plan by its name in bench/plans/, or by the path of a file. */
int plan_load(struct plan *plan, const char *name,
	      const struct topology *topology, struct fault *fault);

/*
 * The order of an attempt of a round, from the seed, where `sides` programs
 * measure each cell: a permutation of 0 .. sides * count - 1, in which i means
 * cell i / sides and side i % sides. The sides of a cell are measured one
 * directly after the other, in a random order, so that drift affects them
 * equally.
 */
void plan_shuffle(const struct plan *plan, int64_t round, int64_t attempt,
		  size_t sides, size_t *order);

/* Expected time of one observation, computed from the durations of the cell. */
int64_t plan_cell_ns(const struct cell *cell);

/* Expected time of the rounds without repeated attempts, in seconds. */
double plan_seconds(const struct plan *plan, int64_t rounds);

/* The longest time for all further attempts of the rounds. */
int64_t plan_retry_ns(const struct plan *plan, int64_t rounds);

/*
 * Sets the number of rounds: as many as fit into this time, with the largest
 * number of further attempts.
 */
int plan_set_budget(struct plan *plan, int64_t ns, struct fault *fault);

/* Parses --rounds, --retry and --seed. */
int plan_set_retry(struct plan *plan, const char *text, struct fault *fault);
int plan_set_rounds(struct plan *plan, const char *text, struct fault *fault);
int plan_set_seed(struct plan *plan, const char *text, struct fault *fault);

#endif
