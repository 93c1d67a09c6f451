/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: its threads, queues and loops, the verification of its messages,
 * and its declaration for the rest of the program. It is one file in
 * bench/scenarios/ that ends with a struct scenario called scenario_NAME. If
 * the scenario has its own loops, they are in NAME.h in the same folder.
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
	STAGES_MAX = 8, /* largest number of stages of a pipeline, without the
			   source */
	RIG_THREADS_MAX = 2 * PRODUCERS_MAX,
	RIG_QUEUES_MAX = STAGES_MAX,
	SCENARIO_REASON_MAX = 160,
	RIG_REASON_MAX = 512,
};

/* How threads learn that the window has ended. */
enum stop_kind {
	STOP_EVENT = 1, /* a flag is set, then the queues are closed; the
			   remaining messages are counted */
	STOP_SENTINEL,	/* the producers end, then each consumer gets a last
			   message, the sentinel */
};

/* The threads and queues of one phase. */
struct rig {
	const struct cell *cell;
	const struct backend *backend; /* NULL: the scenario has no queue */
	int threads;
	int queues;
	struct channel *channels; /* [queues] */
	size_t channels_bytes;	  /* if processes share them, with the queue */
	struct worker *workers;	  /* [threads] */
	struct {
		const char *role; /* one of the scenario's roles */
		loop_function *loop;
		int stage; /* 0: a source; otherwise the worker pops from
			      channel stage - 1 */
	} parts[RIG_THREADS_MAX];
	bool processes;	    /* each worker is a process; `workers` and the
			       queue are in shared memory */
	size_t value_bytes; /* size of messages by value; 0: words */
	bool must_wrap;	    /* set the flag few_laps if the queue does not wrap
			       often */
	void *state; /* the scenario's memory; released by unload, otherwise by
		      free() */
	size_t state_bytes;   /* size of `state` if processes share it */
	const uint32_t *stop; /* the flag that asks the threads to stop */
	int64_t request_ns;   /* time at which the flag was set; 0: not yet */
	/*
	 * The reason why load failed, if -errno does not describe it. Must be
	 * the last member, because all members before it are cleared.
	 */
	char reason[RIG_REASON_MAX];
};

/* The result of the verification. */
struct verification {
	uint64_t messages; /* popped in the window */
	uint64_t lost;
	uint64_t repeated;
	uint64_t reordered;
	uint64_t left_over;
	bool unverifiable; /* the scenario promises nothing, so there is nothing
			    to verify */
	char first[256]; /* the first wrong message, or how to find it; or "" */
	const char *failure; /* another reason why the verification failed;
				NULL: none */
	/* The reason why the threads could not work, so that there is nothing
	 * to verify; NULL: they worked. */
	const char *error;
};

/* One column of a table. */
struct table_column {
	/*
	 * A column of results.csv, or one of
	 *   objective  the median of the cell's objective, and its interval
	 *   idle       the share of the threads' time spent waiting
	 *   shape      producers x consumers
	 *   ns         nanoseconds per message
	 *   of_bound   the objective as a share of the bound
	 */
	const char *what;
	const char *title; /* NULL: the column's name */
	/* Optional: makes the text from one row of the cell. Replaces
	 * `what`. */
	void (*text)(const struct record *row, char text[CELL_TEXT_MAX]);
};

/*
 * One table of a scenario. If rows differ in a factor without a column in this
 * table, the column is added, so that all rows can be told apart.
 */
struct table {
	const char *title; /* NULL: the scenario's summary */
	/*
	 * Names of factors, separated by blanks. The table shows the cells in
	 * which a factor of this list differs from its default, and the cells
	 * with which these cells are compared. NULL: all cells that are in no
	 * other table.
	 */
	const char *about;
	const struct table_column
		*columns; /* the last element has neither `what` nor `text` */
	/* A factor whose values are shown side by side, followed by the ratio
	 * of the objectives; NULL: none. */
	const char *beside;
	bool bounded; /* shows only cells whose bound was measured */
	/* A table shows only cells with this objective. NULL: the objective of
	 * the scenario. */
	const char *objective;
};

enum picture_kind {
	PICTURE_CURVES = 1,  /* the objective over a number */
	PICTURE_HISTOGRAM,   /* cumulative distribution of a histogram column */
	PICTURE_PERCENTILES, /* values of a histogram column by percentile */
	PICTURE_TRADE, /* one column over another, and the cells for which no
			  other cell is better in both; lower is better */
};

/* A picture of a scenario, besides those that every scenario gets: its
 * objective, what the threads did, and sweeps of its parameters. */
struct picture {
	const char
		*name; /* name of the picture; the file is SCENARIO-NAME.svg */
	const char *title;
	const char *x_title;
	const char *y_title;
	enum picture_kind kind;
	const char *column;   /* column of the histogram, with values such as
				 LOW:COUNT+LOW:COUNT; for curves and trades the
				 column on the y axis (NULL: the objective) */
	const char *x_column; /* for trades */
	/*
	 * For curves: the factors that change along the curve, separated by
	 * blanks; a function that sets the position of a cell on the axis
	 * (false: the cell has no position); and a function that finds the cell
	 * whose objective is shown as 1 (NULL: objectives are shown unscaled).
	 */
	const char *along;
	bool (*place)(const struct record *row, double *x);
	bool (*is_base)(const struct record *row, const struct record *of);
};

struct scenario {
	const char *id;
	const char *summary; /* one line */
	/* The name of a message, singular and plural; NULL: message,
	 * messages. */
	const char *message;
	const char *messages;

	/* Each of these lists ends with an element without a name. */
	const struct param *params;   /* of its own */
	const struct column *metrics; /* columns that set_metrics() sets */
	const struct table *tables;   /* ends with no columns */
	const struct picture *pictures;
	const char *const *roles; /* roles of the threads; ends with NULL */
	/* The column by which cells are compared; NULL:
	 * throughput_msg_per_s. */
	const char *objective;
	/* Optional: returns another column by which this cell is compared, if a
	 * parameter fixes the objective of the scenario; NULL: use the
	 * objective of the scenario. */
	const char *(*objective_of_cell)(const struct record *row);
	/* For check-asm: names of the loops that are not compiled into
	 * backends, separated by blanks; NULL: none. */
	const char *loops;

	/* Defaults of common parameters. 0: the scenario does not have the
	 * parameter, except for the capacity, where 0 means the common
	 * default. */
	int64_t default_queues;
	int64_t default_producers;
	int64_t default_consumers;
	int64_t default_capacity;
	enum stop_kind default_stop;
	/* Bytes of a message that the producer writes and the consumer reads;
	 * 0: differs between cells. */
	int64_t payload_bytes;
	bool no_queue; /* the scenario has no backend, wait policy or capacity
			*/
	bool sentinel_only; /* the scenario can end only by a sentinel */
	bool waits; /* the scenario measures waiting: few messages, or a thread
		       that waits during the whole window, set no flag */
	int cpus_max; /* threads share this number of CPUs of the placement; 0:
			 they use all of its CPUs */

	/* Optional: the name of the bound of this cell, a backend that is not a
	 * queue; NULL: there is none. */
	const char *(*bound)(const struct record *row);
	/* Optional: puts the cell into its normal form, for every backend.
	 * Returns 0, or -1 with the reason why the cell cannot be measured. */
	int (*complete)(struct cell *cell, char reason[SCENARIO_REASON_MAX]);
	/* Optional: checks the cell, only for backends in this program. Returns
	 * like complete(). */
	int (*check)(const struct cell *cell, char reason[SCENARIO_REASON_MAX]);
	int (*threads)(const struct cell *cell);
	/* Sets the number of queues, and the role of each of the rig->threads
	 * threads. */
	void (*shape)(struct rig *rig);
	/* Gives the workers their input and the queues their first messages;
	 * worker->limit is set by the caller. Returns 0 or -errno. */
	int (*load)(struct rig *rig);
	/* Optional: the main thread calls it every millisecond while the
	 * threads run. */
	void (*watch)(struct rig *rig);
	/* Optional: the longest time from the request to stop to the end of the
	 * threads in a correct run. */
	int64_t (*ending_ns)(const struct cell *cell);
	/* Drains the queues and accounts for every message. */
	void (*verify)(struct rig *rig, struct verification *verification);
	/* Optional: sets the columns of its metrics, after verify. The common
	 * columns are already set. */
	void (*set_metrics)(struct rig *rig, struct record *result);
	/* Optional: releases rig->state. Always called, also after an error. */
	void (*unload)(struct rig *rig);
};

/* The position of a column of results.csv. The column must be declared. */
int column_of(const char *name);

/* The loop with this name in the rig's backend, for the cell's wait policy. */
loop_function *rig_loop(const struct rig *rig, const char *name);

/* The loop for messages by value. The name is given without size and wait
 * policy. */
loop_function *rig_value_loop(const struct rig *rig, const char *name);

#endif
