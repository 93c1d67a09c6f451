/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes what plots/ draws: tables for gnuplot, one folder a scenario. */
#ifndef PLOT_DATA_H
#define PLOT_DATA_H

#include <stdbool.h>

#include "fault.h"
#include "plot.h"
#include "plot_layout.h"

/* Thread time of a cell, as shares of the sum over its observations. */
struct plot_shares {
	double busy;
	double burning;	  /* waiting, and using the CPU for it */
	double preempted; /* ready to run, but another had the CPU */
	double asleep;
};

/* Returns false where a cell's times were not measured. */
bool plot_shares(const struct group *group, struct plot_shares *shares);

/* Writes caption.dat; the axes' names where the script does not have them. */
int plot_caption_write(const char *dir, const char *scenario, const char *x,
		       const char *y, const struct plot_caption *caption,
		       struct fault *fault);

/* Writes all tables of one scenario into dir. Returns 0 or -1. */
int plot_data_write(const char *dir, const struct groups *groups,
		    const char *scenario, const struct plot_caption *caption,
		    struct fault *fault);

#endif
