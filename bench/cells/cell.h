/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cell: one combination of scenario, backend, wait policy, placement and
 * their parameters. Parameters have one name each, for the command line, for
 * plans, for the protocol with child processes, and for the CSV.
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
	int64_t ns; /* D of sleep:D, timeout:D, park:D */
};

enum {
	CELL_NAME_MAX = 512, /* as NAME_LONG_MAX */
	OWN_PARAMS_MAX = 64,
	CAPACITY_DEFAULT = 1023, /* a ring of 1024 of Concurrency Kit */
};

struct cell {
	const struct scenario *scenario;
	struct backend_choice choice;
	struct wait_policy wait;
	enum placement placement;
	bool no_queue;	/* nothing to choose of a queue; see has_queue() */
	int64_t queues; /* 0: does not apply, and so on */
	int64_t producers;
	int64_t consumers;
	int64_t capacity; /* 0: nobody asked for a bound */
	int64_t duration_ns;
	int64_t warmup_ns;
	int64_t messages; /* 0: by time */
	int64_t stop;	  /* enum stop_kind; 0: does not apply */
	/* The parameters that scenarios declare, by param->own; and which of
	 * them apply, a bit each. */
	int64_t own[OWN_PARAMS_MAX];
	uint64_t own_given;
	/* Where the placement leads to on this machine; the runner's part. */
	int cpus[RIG_THREADS_MAX]; /* no thread needs a second one */
	int cpu_count;		   /* 0: not pinned */
};

enum {
	CELL_KEY_MAX = 1 << 13, /* all parameters */
};

extern const char *const wait_names[WAIT_KINDS];
extern const bool wait_takes_time[WAIT_KINDS];
extern const bool wait_blocks[WAIT_KINDS];

/* The value of a parameter that is a number; the name must be known. A choice
 * is its position from 1 on; 0: it does not apply. */
int64_t cell_value(const struct cell *cell, const char *name);

/* For a scenario's complete(): the parameter takes no part in this cell. */
void cell_leave_out(struct cell *cell, const char *name);

/* For a scenario's complete(): sets a number. */
void cell_set_value(struct cell *cell, const char *name, int64_t value);

/* Whether the scenario takes part in the parameter at all. */
bool scenario_has_param(const struct scenario *scenario,
			const struct param *param);

/* The scenario's default of a parameter, or NULL where it has none. */
const char *scenario_default(const struct scenario *scenario,
			     const struct param *param,
			     char text[CELL_TEXT_MAX]);

/*
 * Fills in what the scenario leaves open, then tells whether the cell can
 * work: 0, or -1 with the reason.
 */
int cell_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX]);

/* The long name; see names.h. */
void cell_name(const struct cell *cell, char name[CELL_NAME_MAX]);

/* A text that is equal for two cells if they are the same point of comparison:
 * equal but for the length of the window. */
void cell_key(const struct cell *cell, char key[CELL_KEY_MAX]);
bool cell_same(const struct cell *a, const struct cell *b);

int cell_threads(const struct cell *cell);

/* Sets the factor columns. */
void cell_to_record(const struct cell *cell, struct record *record);

/* Joins the CPUs of the cell's threads by +; "" when not pinned. */
void cell_format_cpus(const struct cell *cell, char *text, size_t size);

/* The cell of a row. Returns 0, or -1 with the fault set: this build does not
 * know its scenario or one of its values. */
int cell_from_record(struct cell *cell, const struct record *record,
		     struct fault *fault);

/*
 * The protocol with child processes: lines of "column value". Times are
 * written as plain nanoseconds under the column's name. The last line is "end":
 * without it nothing is a cell, and what follows it is not looked at.
 */
void cell_write(const struct cell *cell, FILE *to);
int cell_read(struct cell *cell, FILE *from, struct fault *fault);

#endif
