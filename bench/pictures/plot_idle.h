/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the table of idle.gp: how the threads of each role spend their time.
 */
#ifndef PLOT_IDLE_H
#define PLOT_IDLE_H

#include "fault.h"
#include "plot_layout.h"
#include "segments.h"
#include "words.h"

/* The parts of a bar, from left to right: the signs from NOTE_BUSY on. */
enum plot_part {
	PART_BUSY,	  /* own work, on a CPU */
	PART_BUSY_ASLEEP, /* asleep in own work */
	PART_BURNING,	  /* waiting at a queue, on a CPU */
	PART_PREEMPTED,	  /* ready, but another thread has the CPU */
	PART_ASLEEP,	  /* waiting at a queue, asleep */
	PART_PACE,	  /* until the time of the next message */
	PARTS
};

/* The parts of a role's bar, as shares of its time. */
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
