/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A parameter of a cell: one name for the command line, for plans, for the
 * protocol with child processes, and for its column in the results (there with
 * _ for -, and with the unit: pause is pause_ns, payload is payload_bytes).
 */
#ifndef PARAM_H
#define PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

struct cell;

enum {
	CELL_TEXT_MAX = 64,
};

enum param_kind {
	PARAM_COUNT,  /* a whole number */
	PARAM_TIME,   /* a duration, kept in nanoseconds; 0: none */
	PARAM_BYTES,  /* a size */
	PARAM_CHOICE, /* one of some names, kept as its position from 1 on */
	PARAM_OTHER,  /* has set and get of its own */
};

struct param {
	const char *name;     /* --name, and the key in a plan */
	const char *argument; /* what --help calls its value */
	const char *help;     /* one line, without the scenario's name */
	const char *fallback; /* the value when it is not given */
	enum param_kind kind;
	int64_t low;  /* of a count, a time or a size: the smallest.. */
	int64_t high; /* ..and the largest value */
	const char *const *choices; /* the names, then NULL */

	/*
	 * PARAM_OTHER: from text to the number at param_number(), and back. set
	 * returns 0, or -1 with the fault set: what is wrong with the text.
	 * Leave both out for all other kinds.
	 */
	int (*set)(struct cell *cell, const struct param *param,
		   const char *text, struct fault *fault);
	void (*get)(const struct cell *cell, const struct param *param,
		    char text[CELL_TEXT_MAX]);

	/* Filled in when the program starts; leave them out. */
	size_t offset;	   /* of the number in struct cell */
	int own;	   /* position in cell->own, or -1: a common one */
	const char *scope; /* the scenarios that have it, joined by ", " */
};

/* All parameters: the common ones, then those of the scenarios. */
extern const struct param *const params;
extern size_t param_count;

/* By its name, or NULL. */
const struct param *param_find(const char *name);

/* By its column, or NULL. */
const struct param *param_of_column(const char *column);

void param_column_name(const struct param *param, char name[CELL_TEXT_MAX]);

/* Where a parameter that is a number stands in the cell. */
int64_t *param_number(const struct cell *cell, const struct param *param);

/* Sets the fault to: unknown WHAT "WORD", did you mean NAME? Returns -1. */
int param_unknown(struct fault *fault, const char *what, const char *word,
		  const char *const *names, size_t count);

#endif
