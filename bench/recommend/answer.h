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

/* Prints what to take, what it costs, how sure that is, what comes second, and
 * what to avoid. Each number names its cell. */
void answer_print(const struct run *run, const struct wishes *wishes,
		  const struct candidates *candidates,
		  const struct decision *decision, enum answer_format format,
		  FILE *to);

#endif
