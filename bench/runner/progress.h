/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far a run is, on standard error. A terminal shows a bar with the time
 * left, and the ranking so far. Anything else (a file, a pipe, TERM=dumb, CI)
 * gets a plain line from time to time.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	size_t width; /* of the terminal; 0: plain lines */
	int64_t start_ns;
	int64_t line_ns;     /* time of the last plain line */
	int64_t interval_ns; /* shortest time between plain lines */
	double total;	     /* expected seconds */
	double done;	     /* seconds of `total` that are finished */
	bool open;	     /* a bar is on the current line of the terminal */
};

void progress_start(struct progress *progress, double expected_seconds);

/* Shows the cell that is measured now. ranking: of its group so far, or "". */
void progress_show(struct progress *progress, int64_t round, int64_t rounds,
		   const char *what, const char *ranking);

/* Adds `seconds` to the finished part of the expected time. */
void progress_advance(struct progress *progress, double seconds);

/* Clears the bar, before other output on the terminal. */
void progress_clear(struct progress *progress);

#endif
