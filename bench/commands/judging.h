/* SPDX-License-Identifier: BSD-2-Clause */
/* What compare and ab share: how two sides are judged, and how that is shown.
 */
#ifndef JUDGING_H
#define JUDGING_H

#include "options.h"
#include "print.h"

typedef void comparison_printer(const struct comparison *comparison, FILE *to);

struct judging {
	struct options_input input;
	struct comparison_options options;
	const char *fail_on; /* NULL: never */
	comparison_printer *print;
};

/* The options; the input of their parser is a struct judging. */
extern const struct argp judging_argp;

/* The defaults. */
void judging_init(struct judging *judging, struct fault *fault);

/*
 * Compares two sides, or (new is NULL) values of a factor within one, and
 * prints the table; sides as in dataset_add_list(). *exit_code gets what
 * --fail-on makes of it. Returns 0, or -1 with the fault set.
 */
int judging_compare(const struct judging *judging, const char *base,
		    const char *new, enum exit_code *exit_code);

#endif
