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
	int64_t capacity; /* 0: nobody asked for a bound */
	int64_t duration_ns;
	int64_t warmup_ns;
	int64_t messages; /* 0: by time */
	/* Of some scenarios: an enum of scenario.h; 0: does not apply. */
	int64_t stop;
	int64_t until;
	int64_t sync;
	int64_t share;
	int64_t lock;
	int64_t work;
	int64_t event;
	int64_t source;
	int64_t claim;
	int64_t stages; /* widths, a byte each, first stage lowest; or -1 */
	int64_t batch;
	int64_t payload; /* bytes */
	int64_t produce_every_ns;
	int64_t consume_every_ns;
	int64_t pause_ns;
	int64_t service_ns;
	/* Where the placement leads to on this machine; the runner's part. */
	int cpus[TOPOLOGY_CPUS_MAX];
	int cpu_count; /* 0: not pinned */
};

enum {
	CELL_TEXT_MAX = 64,
	CELL_NAME_MAX = 256,
	CAPACITY_DEFAULT = 1023, /* a ring of 1024 of Concurrency Kit */
};

/* One parameter of a cell. */
struct param {
	const char *name;     /* --name, and the key in a plan */
	const char *argument; /* what --help calls its value */
	const char *help;
	const char *fallback; /* value when not given; "": the scenario's */
	/* For some scenarios only, those that name it in their params; the
	 * others refuse it. */
	bool own;
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
	bool is_bytes;
	const char *const *choices; /* of a choice: names from 1 on, to NULL */
};

extern const char *const wait_names[WAIT_KINDS];

extern const struct param params[];
extern const size_t param_count;

const struct param *param_find(const char *name);

/* Its column, and its name in the protocol: with _, times with _ns, sizes with
 * _bytes. */
void param_column_name(const struct param *param, char name[CELL_TEXT_MAX]);

/* Where a parameter that is a number stands in the cell. */
int64_t *param_number(const struct cell *cell, const struct param *param);

/* Widths of the stages of a pipeline; 0: it has no such stage. */
int cell_stage_width(const struct cell *cell, int stage);

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
