/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables for the pictures that a scenario declares; see scenario.h. */
#ifndef PLOT_CURVES_H
#define PLOT_CURVES_H

#include "fault.h"
#include "groups.h"
#include "scenario.h"
#include "words.h"

/*
 * Writes curves.dat and series.dat into dir and sets the words of the picture.
 * *count is the number of curves; 0: the run has no data for this picture.
 * Returns 0, or -1 with the fault set.
 */
int curves_write(const char *dir, const struct groups *groups,
		 const char *scenario, const struct picture *picture,
		 struct words *words, size_t *count, struct fault *fault);

struct curve {
	const struct record *cell;
	const char *name;
};

/*
 * Writes series.dat: number, name, colour, mark, dash. If the curves show
 * several queues, a curve has the colour and mark of its queue, and curves of
 * one queue differ in the dash. Otherwise all curves differ in colour and mark.
 */
int curves_write_names(const char *dir, const struct curve *curves,
		       size_t count, struct fault *fault);

#endif
