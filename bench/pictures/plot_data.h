/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes tables that the gnuplot scripts in plots/ draw. */
#ifndef PLOT_DATA_H
#define PLOT_DATA_H

#include <stdbool.h>

#include "fault.h"
#include "plot_layout.h"
#include "words.h"

/* How the threads of a cell spent their time, as shares of the sum of the
 * thread times of all observations. */
struct plot_shares {
	double busy;
	double burning;	  /* waiting and using a CPU */
	double preempted; /* ready to run, but another thread had the CPU */
	double asleep;
};

/* Returns false if the times of the cell were not measured. */
bool plot_shares(const struct group *group, struct plot_shares *shares);

/*
 * Writes the tables of throughput.gp and idle.gp into dir and sets the words of
 * both pictures. Returns 0, or -1 with the fault set.
 */
int plot_data_write(const char *dir, const char *scenario,
		    const struct plot_layout *layout, struct words *objective,
		    struct words *idle, struct fault *fault);

#endif
