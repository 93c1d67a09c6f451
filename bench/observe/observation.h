/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One cell measured once, and how it gets from the process that measured to
 * the one that keeps the results: lines of "column value", then "end". A line
 * "thread NAME" begins the lines of one thread. External backends write the
 * same lines.
 */
#ifndef OBSERVATION_H
#define OBSERVATION_H

#include "fault.h"
#include "record.h"
#include "scenario.h"

/* The descriptor of the result, as a number in the child's environment. */
#define RESULT_VARIABLE "RINGBENCH_RESULT_FD"

enum {
	REASON_MAX = 16384, /* of a hang: a clause for each thread */
};

struct observation {
	struct record result;	/* of results_schema */
	struct record *threads; /* of threads_schema */
	int thread_count;
	char reason[REASON_MAX]; /* why status is not ok; one line */
	char printed[256];	 /* first line that was no result; ": " first */
};

void observation_init(struct observation *observation);
void observation_free(struct observation *observation);

/* A new row for a thread. */
struct record *observation_add_thread(struct observation *observation,
				      const char *name);

/* Forgets what was measured, before the reason why it does not count. */
void observation_discard(struct observation *observation);

/* Sets the status and why. */
void observation_fail(struct observation *observation, const char *status,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void observation_write(const struct observation *observation, FILE *to);

/*
 * Reads what a child wrote. Anything but the lines described above makes the
 * observation "crashed", with the reason.
 */
void observation_read(struct observation *observation, char *text);

#endif
