/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds cells by the description that a user types. */
#ifndef CELL_MATCH_H
#define CELL_MATCH_H

#include <stdbool.h>

#include "fault.h"
#include "groups.h"
#include "names.h"

enum {
	CELL_MATCH_MAX = 32, /* words */
	CELL_MATCH_NAME_MAX = NAME_LONG_MAX + NAME_SHORT_MAX,
	CELL_MATCH_WORD_MAX = 128,
};

struct cell_match {
	struct {
		int column; /* -1: the value can be a scenario, backend, wait
			       policy or placement */
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

/* Returns the only cell that matches. If no cell or several cells match,
 * returns NULL with the fault set; the fault lists cells that match. */
const struct group *cell_match_one(const struct cell_match *match,
				   const char *text,
				   const struct groups *groups,
				   struct fault *fault);

/* The long name of the cell; with the core distance, if the run has several
 * distances. cell_match_one() finds the cell by this name. */
void cell_match_name(const struct groups *groups, const struct record *row,
		     char name[CELL_MATCH_NAME_MAX]);

#endif
