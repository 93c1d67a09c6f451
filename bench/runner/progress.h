/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows the progress of a run on standard error: on a terminal as a bar with
 * the remaining time and the ranking so far; in a file, in a pipe, with
 * TERM=dumb or in CI as a plain line from time to time.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	size_t width; /* width of the terminal; 0: print plain lines */
	int64_t start_ns;
	int64_t line_ns;     /* time of the last plain line */
	int64_t interval_ns; /* shortest time between plain lines */
	double total;	     /* expected seconds */
	double done;	     /* seconds of `total` that are finished */
	bool open;	     /* a bar is on the current line of the terminal */
};

void progress_start(struct progress *progress, double expected_seconds);

/* Shows the cell that is measured now. ranking: the ranking of the cell's group
 * so far, or "". */
void progress_show(struct progress *progress, int64_t round, int64_t rounds,
		   const char *what, const char *ranking);

/* Adds `seconds` to the finished part of the expected time. */
void progress_advance(struct progress *progress, double seconds);

/* Clears the bar, before other output on the terminal. */
void progress_clear(struct progress *progress);

#endif
