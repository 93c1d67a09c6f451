/* SPDX-License-Identifier: BSD-2-Clause */
/* The recommendation in plain words, as Markdown, or as JSON. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdio.h>

#include "decision.h"

enum answer_format {
	ANSWER_TEXT,
	ANSWER_MARKDOWN,
	ANSWER_JSON,
};

/* Prints the best cell, its costs, how certain the choice is, the second cell,
 * and the cells to avoid. Each number is printed with its cell. */
void answer_print(const struct run *run, const struct wishes *wishes,
		  const struct candidates *candidates,
		  const struct decision *decision, enum answer_format format,
		  FILE *to);

#endif
