/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: how threads and queues are wired, how to tell afterwards that
 * every message arrived, and everything that the rest of the program has to
 * know about it. It is one file in bench/scenarios/ that ends with a struct
 * scenario called scenario_NAME; loops of its own stand in NAME.h beside it.
 * docs/adding-a-scenario.md has an example.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "columns.h"
#include "param.h"

struct cell;
struct record;

enum {
	STAGES_MAX = 8, /* of a pipeline, without its source */
	RIG_THREADS_MAX = 2 * PRODUCERS_MAX,
	RIG_QUEUES_MAX = STAGES_MAX,
	SCENARIO_REASON_MAX = 160,
	RIG_REASON_MAX = 512,
};

/* How the end of the window is told. */
enum stop_kind {
	STOP_EVENT =
		1, /* a flag, then close; messages that are left are counted */
	STOP_SENTINEL, /* sources end, then each consumer gets a last word */
};

/* Threads and queues of one phase. */
struct rig {
	const struct cell *cell;
	const struct backend *backend; /* NULL: the scenario has no queue */
	int threads;
	int queues;
	struct channel *channels; /* [queues] */
	struct worker *workers;	  /* [threads] */
	struct {
		const char *role; /* one of the scenario's roles */
		loop_function *loop;
		int stage; /* 0: a source; takes from channel stage - 1 */
	} parts[RIG_THREADS_MAX];
	bool processes; /* each worker is a process; workers are shared */
	bool must_wrap; /* few messages for the capacity are an easier queue */
	void *state;	/* the scenario's memory: free(), or unload */
	size_t state_bytes;   /* of it, where processes share it */
	const uint32_t *stop; /* the flag that asks for the end */
	int64_t request_ns;   /* when the end was asked for; 0: it was not */
	/* Why load failed, where -errno does not say it. It outlives the other
	 * members, so it is the last one. */
	char reason[RIG_REASON_MAX];
};

/* What became of the messages. */
struct verification {
	uint64_t messages; /* popped in the window */
	uint64_t lost;
	uint64_t repeated;
	uint64_t reordered;
	uint64_t left_over;
	bool unverifiable;   /* nothing was promised, so nothing is verified */
	const char *failure; /* another reason to fail; NULL: none */
	/* What kept the threads from working, so that there is nothing to
	 * verify; NULL: nothing. */
	const char *error;
};

/* One column of a table. */
struct table_column {
	/*
	 * A column of results.csv, or one of
	 *   objective  the median of the scenario's objective, and its interval
	 *   idle       the share of the threads' time spent waiting
	 *   shape      producers x consumers
	 *   ns         nanoseconds per message
	 *   of_bound   the objective as a share of the bound
	 */
	const char *what;
	const char *title; /* NULL: the column's name */
	/* Optional: the text, from one row of the cell, instead of `what`. */
	void (*text)(const struct record *row, char text[CELL_TEXT_MAX]);
};

/*
 * One table of a scenario. Factors in which its rows differ and that it has no
 * column for are added, so that no two rows look alike.
 */
struct table {
	const char *title; /* NULL: the scenario's summary */
	/*
	 * Columns of factors, blanks between. The table shows the cells in
	 * which one of them differs from its default, and the cells to compare
	 * these with. NULL: all cells that no other table is about.
	 */
	const char *about;
	const struct table_column
		*columns; /* ends with neither what nor text */
	/* A factor whose values stand side by side, with the ratio of the
	 * objectives at the end; NULL: none. */
	const char *beside;
	bool bounded; /* shows only cells whose bound was measured */
};

enum picture_kind {
	PICTURE_CURVES = 1, /* the objective over a number */
	PICTURE_HISTOGRAM,  /* cumulative distribution of a histogram column */
};

/* A picture of a scenario, besides those that every scenario gets: its
 * objective, what the threads did, and sweeps of its parameters. */
struct picture {
	const char *name; /* of the file: SCENARIO-NAME.svg */
	const char *title;
	const char *x_title;
	const char *y_title;
	enum picture_kind kind;
	const char *column; /* of a histogram: LOW:COUNT+LOW:COUNT.. */
	/* Of curves: the factors along the curve, blanks between; where the
	 * cell stands on the axis (false: nowhere); and the cell whose
	 * objective is 1 (NULL: objectives are shown as they are). */
	const char *along;
	bool (*place)(const struct record *row, double *x);
	bool (*is_base)(const struct record *row, const struct record *of);
};

struct scenario {
	const char *id;
	const char *summary; /* one line */
	/* What passes, in the singular and in the plural; NULL: message(s). */
	const char *message;
	const char *messages;

	/* Each of these lists ends with an element without a name. */
	const struct param *params;   /* of its own */
	const struct column *metrics; /* columns that only set_metrics() sets */
	const struct table *tables;   /* ends with no columns */
	const struct picture *pictures;
	const char *const *roles; /* of threads; ends with NULL */
	/* The column that cells are compared by; NULL: throughput_msg_per_s. */
	const char *objective;
	/* Loops that are not compiled into backends, for check-asm: names with
	 * blanks between; NULL: none. */
	const char *loops;

	/* Defaults of common parameters; 0: the scenario does not have it, but
	 * for the capacity, which then has its usual default. */
	int64_t default_queues;
	int64_t default_producers;
	int64_t default_consumers;
	int64_t default_capacity;
	enum stop_kind default_stop;
	/* Bytes of a message that both sides touch; 0: that differs, or is a
	 * parameter. */
	int64_t payload_bytes;
	bool no_queue;	    /* neither backend, wait nor capacity to choose */
	bool sentinel_only; /* cannot end in another way */

	/* Optional: the backend (a bound, not a queue) that shows the best the
	 * machine could do in this cell; NULL: there is none. */
	const char *(*bound)(const struct record *row);
	/* Optional: puts the cell into its normal form, for every backend. 0,
	 * or -1 with the reason why it cannot work. */
	int (*complete)(struct cell *cell, char reason[SCENARIO_REASON_MAX]);
	/* Optional: the same for backends that are built in. */
	int (*check)(const struct cell *cell, char reason[SCENARIO_REASON_MAX]);
	int (*threads)(const struct cell *cell);
	/* Sets the number of queues, and the part of each of rig->threads. */
	void (*shape)(struct rig *rig);
	/* Gives the workers their input and the queues their first messages;
	 * worker->limit is set by the caller. Returns 0 or -errno. */
	int (*load)(struct rig *rig);
	/* Optional: called by the main thread each millisecond meanwhile. */
	void (*watch)(struct rig *rig);
	/* Optional: how long a sound run may take to end after the request. */
	int64_t (*ending_ns)(const struct cell *cell);
	/* Drains the queues and accounts for every message. */
	void (*verify)(struct rig *rig, struct verification *verification);
	/* Optional: sets the columns of its metrics, after verify. */
	void (*set_metrics)(struct rig *rig, struct record *result);
	/* Optional: releases rig->state, on every way out. */
	void (*unload)(struct rig *rig);
};

/* The position of a column of results.csv; the name must be declared. */
int column_of(const char *name);

/* The loop of this name for the cell's wait policy, from the rig's backend. */
loop_function *rig_loop(const struct rig *rig, const char *name);

#endif
