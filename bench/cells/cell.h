/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cell: one combination of scenario, backend, wait policy, placement and all
 * parameters. A parameter has one name for the command line, plans, the
 * protocol with child processes, and the CSV.
 */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "fault.h"
#include "param.h"
#include "record.h"
#include "registry.h"
#include "topology.h"

struct wait_policy {
	enum wait_kind kind;
	int64_t ns; /* the time D of sleep:D, timeout:D, park:D, adaptive:D */
};

enum {
	CELL_NAME_MAX = 512, /* must equal NAME_LONG_MAX */
	OWN_PARAMS_MAX = 64,
	CAPACITY_DEFAULT = 1023, /* usable capacity of a Concurrency Kit ring
				    with 1024 slots */
};

struct cell {
	const struct scenario *scenario;
	struct backend_choice choice;
	struct wait_policy wait;
	enum placement placement;
	bool no_queue;	/* the cell has no queue; see cell_has_queue() */
	int64_t queues; /* for all these numbers, 0: the parameter does not
			   apply */
	int64_t producers;
	int64_t consumers;
	int64_t capacity; /* 0: no capacity was requested */
	int64_t duration_ns;
	int64_t warmup_ns;
	int64_t messages; /* 0: the window ends after duration_ns */
	int64_t stop;	  /* enum stop_kind; 0: does not apply */
	/* The values of the parameters that scenarios declare, at the index
	 * param->own, and one bit for each parameter that applies. */
	int64_t own[OWN_PARAMS_MAX];
	uint64_t own_given;
	/* The CPUs that the placement gives on this machine. The runner sets
	 * them. */
	int cpus[RIG_THREADS_MAX]; /* one CPU for each thread */
	int cpu_count;		   /* 0: threads are not pinned */
};

enum {
	CELL_KEY_MAX = 1 << 13, /* all parameters */
};

extern const char *const wait_names[WAIT_KINDS];
extern const bool wait_takes_time[WAIT_KINDS];
extern const bool wait_blocks[WAIT_KINDS];

/* The value of a numeric parameter; the parameter must exist. The value of a
 * choice is its position, from 1. 0: the parameter does not apply. */
int64_t cell_value(const struct cell *cell, const char *name);

/* For a scenario's complete(): the parameter does not apply to this cell. */
void cell_leave_out(struct cell *cell, const char *name);

/* For a scenario's complete(): sets a numeric parameter. */
void cell_set_value(struct cell *cell, const char *name, int64_t value);

/* Whether the scenario has the parameter. */
bool scenario_has_param(const struct scenario *scenario,
			const struct param *param);

/* The scenario's default of a parameter; NULL: there is no default. */
const char *scenario_default(const struct scenario *scenario,
			     const struct param *param,
			     char text[CELL_TEXT_MAX]);

/*
 * Sets missing parameters to the defaults of the scenario, then checks the
 * cell. Returns 0, or -1 with the reason why the cell cannot be measured.
 */
int cell_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX]);

/* The long name; see names.h. */
void cell_name(const struct cell *cell, char name[CELL_NAME_MAX]);

/* A text that is equal for two cells if all their parameters except the length
 * of the window are equal. */
void cell_key(const struct cell *cell, char key[CELL_KEY_MAX]);
bool cell_same(const struct cell *a, const struct cell *b);

int cell_threads(const struct cell *cell);

/* Whether the cell has a backend, a wait policy and a capacity. */
bool cell_has_queue(const struct cell *cell);

/* Sets the factor columns. */
void cell_to_record(const struct cell *cell, struct record *record);

/* Joins the CPUs of the cell's threads by +; "" if the threads are not
 * pinned. */
void cell_format_cpus(const struct cell *cell, char *text, size_t size);

/* Reads the cell of a row. Returns 0, or -1 with the fault set if this build
 * does not know the scenario or a value. */
int cell_from_record(struct cell *cell, const struct record *record,
		     struct fault *fault);

/*
 * The protocol with child processes: lines of "column value". Times are written
 * as plain nanoseconds under the column's name. The last line is "end". Input
 * without "end" is an error; text after "end" is ignored.
 *
 * Without `defaults`, a scenario's own parameter is left out if it has its
 * default value. A revision that does not have this parameter yet can then
 * still measure the cell.
 */
void cell_write(const struct cell *cell, bool defaults, FILE *to);
int cell_read(struct cell *cell, FILE *from, struct fault *fault);

#endif
