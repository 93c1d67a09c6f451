/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The result of measuring one cell once, and its text format between the
 * process that measures and the process that stores the results: lines `column
 * value`, then `end`. A line `thread NAME` starts the lines of one thread.
 * External backends write the same format.
 */
#ifndef OBSERVATION_H
#define OBSERVATION_H

#include "fault.h"
#include "record.h"
#include "scenario.h"

/* The environment variable with the file descriptor for the result. */
#define RESULT_VARIABLE "RINGBENCH_RESULT_FD"

enum {
	/* the reason of a hang has one clause for each thread */
	REASON_MAX = 16384,
};

struct observation {
	struct record result;	/* of results_schema */
	struct record *threads; /* of threads_schema */
	int thread_count;
	char reason[REASON_MAX]; /* one line: why the status is not `ok` */
	char printed[256]; /* ": " and the first line of the other output of the
			      process */
};

void observation_init(struct observation *observation);
void observation_free(struct observation *observation);

/* Adds a row for a thread. */
struct record *observation_add_thread(struct observation *observation,
				      const char *name);

/* Deletes all measured values. Call observation_fail() afterwards. */
void observation_discard(struct observation *observation);

/* Sets the status and its reason. */
void observation_fail(struct observation *observation, const char *status,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void observation_write(const struct observation *observation, FILE *to);

/*
 * Parses the output of a child process. A malformed line makes the observation
 * "crashed", with a reason.
 */
void observation_read(struct observation *observation, char *text);

#endif
