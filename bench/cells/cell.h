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
#include "record.h"
#include "registry.h"
#include "topology.h"

struct wait_policy {
	enum wait_kind kind;
	int64_t ns; /* D of sleep:D, timeout:D, park:D */
};

struct cell {
	const struct scenario *scenario;
	struct contender contender;
	struct wait_policy wait;
	enum placement placement;
	int64_t queues; /* 0: does not apply, and so on */
	int64_t producers;
	int64_t consumers;
	int64_t capacity;
	int64_t duration_ns;
	int64_t warmup_ns;
	int64_t messages; /* 0: by time */
	/* Where the placement leads to on this machine; the runner's part. */
	int cpus[TOPOLOGY_CPUS_MAX];
	int cpu_count; /* 0: not pinned */
};

enum {
	CELL_TEXT_MAX = 64,
	CELL_NAME_MAX = 256,
};

/* One parameter of a cell. */
struct param {
	const char *name;     /* --name, and the key in a plan */
	const char *argument; /* what --help calls its value */
	const char *help;
	const char *fallback; /* value when not given; "": the scenario's */
	/* 0, or -1 with the fault set: what is wrong with the text. */
	int (*set)(struct cell *cell, const struct param *param,
		   const char *text, struct fault *fault);
	void (*get)(const struct cell *cell, const struct param *param,
		    char text[CELL_TEXT_MAX]);
	/* of numbers: where in the cell, and the range */
	size_t offset;
	int64_t low;
	int64_t high;
	bool is_time; /* nanoseconds */
};

extern const char *const wait_names[WAIT_KINDS];

extern const struct param params[];
extern const size_t param_count;

const struct param *param_find(const char *name);

/* Where a parameter that is a number stands in the cell. */
int64_t *param_number(const struct cell *cell, const struct param *param);

/*
 * Fills in what the scenario leaves open, then tells whether the cell can
 * work: 0, or -1 with the reason.
 */
int cell_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX]);

/* "pingpong queues=2 mutex poll same-cpu" */
void cell_name(const struct cell *cell, char name[CELL_NAME_MAX]);

/* Whether both are the same point of comparison: equal but for times. */
bool cell_same(const struct cell *a, const struct cell *b);

int cell_threads(const struct cell *cell);

/* Sets the factor columns. */
void cell_to_record(const struct cell *cell, struct record *record);

/* Joins the CPUs of the cell's threads by +; "" when not pinned. */
void cell_format_cpus(const struct cell *cell, char *text, size_t size);

/*
 * The protocol with child processes: lines of "column value". Times are
 * written as plain nanoseconds under the column's name.
 */
void cell_write(const struct cell *cell, FILE *to);
int cell_read(struct cell *cell, FILE *from, struct fault *fault);

#endif
