/* SPDX-License-Identifier: BSD-2-Clause */
/* The part that compare and ab share: the options of a comparison, the
 * verdicts, and the output. */
#ifndef JUDGING_H
#define JUDGING_H

#include "options.h"
#include "print.h"

typedef void comparison_printer(const struct comparison *comparison, FILE *to);

struct judging {
	struct options_input input;
	struct comparison_options options;
	const char *fail_on; /* NULL: --fail-on was not given */
	comparison_printer *print;
};

/* The options; the input of their parser is a struct judging. */
extern const struct argp judging_argp;

/* Sets all options to their defaults. */
void judging_init(struct judging *judging, struct fault *fault);

/*
 * Compares a baseline and a candidate and prints the table. If `new` is NULL,
 * compares the values of a factor within `base`. Both are lists of runs; see
 * dataset_add_list(). Sets *exit_code to EXIT_REGRESSION if --fail-on finds a
 * regression. Returns 0, or -1 with the fault set.
 */
int judging_compare(const struct judging *judging, const char *base,
		    const char *new, enum exit_code *exit_code);

#endif
