/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How threads spend their time, computed from threads.csv: first for each
 * thread, then for each role. In a sum over all threads, busy threads would
 * hide waiting threads.
 */
#ifndef SEGMENTS_H
#define SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "groups.h"

enum {
	ROLE_NAME_MAX = 32,
	ROLES_MAX = 9, /* a pipeline has a source and 8 stages */
};

enum segment {
	SEGMENT_WORK,	     /* on a CPU, not waiting */
	SEGMENT_WORK_ASLEEP, /* asleep, not waiting for a queue: for example, on
				a lock */
	SEGMENT_EMPTY,	     /* waiting for a message, on a CPU */
	SEGMENT_EMPTY_ASLEEP,
	SEGMENT_FULL, /* waiting for a free slot, on a CPU */
	SEGMENT_FULL_ASLEEP,
	SEGMENT_PACE, /* waiting for the time of the next message, on a CPU */
	SEGMENT_PACE_ASLEEP,
	SEGMENT_READY, /* ready to run, but another thread has the CPU */
	SEGMENTS
};

/* The time of all threads with one role, in all observations of a cell. */
struct role_time {
	char role[ROLE_NAME_MAX];
	double ns[SEGMENTS];
};

/* The rows of a threads.csv, sorted so that the rows of an observation can be
 * found. */
struct thread_rows {
	struct rows rows;
	const struct record **sorted; /* without superseded rows */
	size_t count;
};

/*
 * Splits the time of one thread. The clocks do not separate all segments. These
 * rules do:
 * - Pacing has its own CPU time.
 * - Time asleep belongs first to waits in the kernel, in proportion to their
 *   lengths, then to the thread's work, then to busy waits (stolen time).
 * - While the thread was ready, it was not on a CPU. So this time is subtracted
 * from all segments on a CPU, in proportion to their lengths. Returns false if
 * one of the needed times is missing in the row.
 */
bool segments_of(const struct record *thread, double ns[SEGMENTS]);

/* Reads DIR/threads.csv. A folder without this file has no rows. host: only the
 * rows of this host of a merged run; "": all. Returns 0, or -1 with the fault
 * set. */
int thread_rows_read(struct thread_rows *threads, const char *dir,
		     const char *host, struct fault *fault);
void thread_rows_free(struct thread_rows *threads);

/*
 * Adds up the segments of the cell's threads by role, in the order of
 * threads.csv. Returns the number of roles; 0: not measured.
 */
size_t role_times(const struct group *group, const struct thread_rows *threads,
		  struct role_time roles[ROLES_MAX]);

#endif
