/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the table of idle.gp: how the threads of each role spend their time.
 */
#ifndef PLOT_IDLE_H
#define PLOT_IDLE_H

#include "fault.h"
#include "plot_layout.h"
#include "segments.h"
#include "words.h"

/* The parts of a bar, from left to right, in the order of the signs after
 * NOTE_BUSY. */
enum plot_part {
	PART_BUSY,	  /* not waiting, on a CPU */
	PART_BUSY_ASLEEP, /* not waiting for a queue, asleep: for example, on a
			     lock */
	PART_BURNING,	  /* waiting at a queue, on a CPU */
	PART_PREEMPTED,	  /* ready, but another thread has the CPU */
	PART_ASLEEP,	  /* waiting at a queue, asleep */
	PART_PACE,	  /* pacing: waiting for the time of the next message */
	PARTS
};

/* Computes the parts of a role's bar, as shares of the role's time. */
void plot_shares(const struct role_time *role, double shares[PARTS]);

/*
 * Writes idle.dat into dir and sets the words of the picture. Returns 0, or -1
 * with the fault set.
 */
int plot_idle_write(const char *dir, const char *scenario,
		    const struct plot_layout *layout,
		    const struct thread_rows *threads, struct words *words,
		    struct fault *fault);

#endif
