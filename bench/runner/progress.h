/* SPDX-License-Identifier: BSD-2-Clause */
/* A bar with the time left, on a terminal only. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown;
	int64_t start_ns;
	double total; /* expected seconds */
	double done;  /* seconds of `total` that are finished */
	bool open;    /* a bar is on the current line of the terminal */
};

void progress_start(struct progress *progress, double expected_seconds);

/* Draws the bar with the cell that is measured now. */
void progress_show(struct progress *progress, int64_t round, int64_t rounds,
		   const char *what);

/* Adds `seconds` to the finished part of the expected time. */
void progress_advance(struct progress *progress, double seconds);

/* Clears the bar, before other output on the terminal. */
void progress_clear(struct progress *progress);

#endif
