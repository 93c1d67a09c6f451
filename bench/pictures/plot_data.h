/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes what plots/ draws: tables for gnuplot, one folder a scenario. */
#ifndef PLOT_DATA_H
#define PLOT_DATA_H

#include <stdbool.h>

#include "fault.h"
#include "plot_layout.h"
#include "words.h"

/* Thread time of a cell, as shares of the sum over its observations. */
struct plot_shares {
	double busy;
	double burning;	  /* waiting, and using the CPU for it */
	double preempted; /* ready to run, but another had the CPU */
	double asleep;
};

/* Returns false where a cell's times were not measured. */
bool plot_shares(const struct group *group, struct plot_shares *shares);

/*
 * Writes the tables of throughput.gp and idle.gp into dir, and finds the words
 * of both pictures. Returns 0 or -1.
 */
int plot_data_write(const char *dir, const char *scenario,
		    const struct plot_layout *layout, struct words *objective,
		    struct words *idle, struct fault *fault);

#endif
