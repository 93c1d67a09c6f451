/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for the pictures that a scenario declares; see scenario.h. */
#ifndef PLOT_CURVES_H
#define PLOT_CURVES_H

#include "fault.h"
#include "groups.h"
#include "scenario.h"
#include "words.h"

/*
 * Writes curves.dat and series.dat into dir, one value against another by
 * series, and finds the words of the picture. *count is the number of series;
 * 0: the run has nothing for the picture. Returns 0, or -1 with the fault set.
 */
int curves_write(const char *dir, const struct groups *groups,
		 const char *scenario, const struct picture *picture,
		 struct words *words, size_t *count, struct fault *fault);

struct curve {
	const struct record *cell;
	const char *name;
};

/*
 * Writes series.dat: number, name, colour, mark, dash. Where the curves are of
 * different queues, a curve has its queue's look, and a dash of its own among
 * the curves of this queue. Otherwise each has a look of its own.
 */
int curves_write_names(const char *dir, const struct curve *curves,
		       size_t count, struct fault *fault);

#endif
