/* SPDX-License-Identifier: BSD-2-Clause */
/* Words for cells and costs, shared by the recommendation and the last lines of
 * a run. */
#ifndef PHRASES_H
#define PHRASES_H

#include "groups.h"
#include "text.h"

enum {
	PHRASE_CELL_MAX = 160,
};

/* "mutex with block" */
void phrase_cell(const struct group *group, char text[PHRASE_CELL_MAX]);

/* Nanoseconds with three digits: "21.3 us". */
void phrase_time(double ns, char text[TEXT_NUMBER_MAX]);

/* CPUs as a percentage of one CPU: "11 %". */
void phrase_percent(double cpus, char text[TEXT_NUMBER_MAX]);

/* The median, and the 95 % interval in parentheses. The lower end leaves out a
 * unit that the upper end repeats. */
void phrase_spread(const struct spread *spread,
		   void (*format)(double, char[TEXT_NUMBER_MAX]), char *text,
		   size_t size);

#endif
