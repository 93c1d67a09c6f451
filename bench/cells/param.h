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
	PARAM_COUNT, /* a whole number */
	PARAM_TIME,  /* a duration in nanoseconds; 0: none */
	PARAM_BYTES, /* a size */
	PARAM_RATE,  /* a number of events per second, such as 50k/s; 0: none */
	PARAM_CHOICE, /* a name from a list; the value is the position of the
			 name, from 1 */
	PARAM_OTHER,  /* has its own set() and get() */
};

struct param {
	const char *name;     /* --name, and the key in a plan */
	const char *argument; /* name of the value in --help */
	const char *help;     /* one line, without the scenario's name */
	const char *fallback; /* the default */
	enum param_kind kind;
	int64_t low;  /* smallest value of a count, a time or a size */
	int64_t high; /* largest value of a count, a time or a size */
	const char *const *choices; /* the names of a choice; ends with NULL */

	/*
	 * PARAM_OTHER: set() stores a text as the number at param_number();
	 * get() makes the text of this number. set() returns 0, or -1 with the
	 * fault set: the fault says what is wrong with the text. Leave both out
	 * for all other kinds.
	 */
	int (*set)(struct cell *cell, const struct param *param,
		   const char *text, struct fault *fault);
	void (*get)(const struct cell *cell, const struct param *param,
		    char text[CELL_TEXT_MAX]);

	/* The program sets these members when it starts; a declaration omits
	 * them. */
	size_t offset;	   /* position of the number in struct cell */
	int own;	   /* position in cell->own; -1: a common parameter */
	const char *scope; /* the scenarios that have it, joined by ", " */
};

/* All parameters: first the common parameters, then the parameters of the
 * scenarios. */
extern const struct param *const params;
extern size_t param_count;

/* The parameter with this name, or NULL. */
const struct param *param_find(const char *name);

/* The parameter with this column, or NULL. */
const struct param *param_of_column(const char *column);

void param_column_name(const struct param *param, char name[CELL_TEXT_MAX]);

/* The address of a numeric parameter in the cell. */
int64_t *param_number(const struct cell *cell, const struct param *param);

#endif
