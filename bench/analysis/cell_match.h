/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds cells by what a user writes about them. */
#ifndef CELL_MATCH_H
#define CELL_MATCH_H

#include <stdbool.h>

#include "fault.h"
#include "groups.h"

enum {
	CELL_MATCH_MAX = 32, /* words */
	CELL_MATCH_WORD_MAX = 128,
};

struct cell_match {
	struct {
		int column; /* -1: scenario, backend, wait or placement */
		char value[CELL_MATCH_WORD_MAX];
	} words[CELL_MATCH_MAX];
	int count;
};

/*
 * "--backend mutex --queues 2", as ringbench prints long names; or the words of
 * a table: "mutex poll queues=2 4x1". Returns 0, or -1 with the fault set.
 */
int cell_match_parse(struct cell_match *match, const char *text,
		     struct fault *fault);

/* Whether the cell of the row has all these values. */
bool cell_match(const struct cell_match *match, const struct record *row);

/* The only cell that matches. Returns NULL with the fault set, which names the
 * cells, if there are several or none. */
const struct group *cell_match_one(const struct cell_match *match,
				   const char *text,
				   const struct groups *groups,
				   struct fault *fault);

#endif
