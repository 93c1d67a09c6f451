/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The observations of one side of a row, as logarithms. Before the test,
 * observations of different classes of core distances are shifted to a common
 * level.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "dataset.h"

struct sample {
	double *logs;
	uint32_t *classes;  /* see distance.h */
	uint32_t *sessions; /* rising */
	size_t count;
};

/* Makes room for `room` observations. */
void sample_init(struct sample *sample, size_t room);
void sample_free(struct sample *sample);

/* Adds the used observations of a cell on a side. */
void sample_make(struct sample *sample, const struct dataset *set,
		 uint32_t cell, enum side_name side);

/*
 * Pools the classes of core distances that both sides have, and removes the
 * observations of other classes. Each class is shifted so that the mean of the
 * two sides' medians is equal in all classes. Differences between the sides
 * within a class do not change. The common level is the level of the largest
 * class.
 *
 * If the sides share no class, nothing changes. Returns false if the sides
 * share no class because they were measured at different distances of one
 * place.
 */
bool samples_align(const struct dataset *set, struct sample *a,
		   struct sample *b);

#endif
