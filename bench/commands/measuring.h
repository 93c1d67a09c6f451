/* SPDX-License-Identifier: BSD-2-Clause */
/* The part that run, ab and aa share: the options for the cells, the number of
 * rounds, and the folder of the results. */
#ifndef MEASURING_H
#define MEASURING_H

#include "options.h"
#include "plan.h"
#include "run_folder.h"

struct measuring {
	struct options_input input;
	struct plan_line line;
	const char *some_param; /* name of any parameter that was given, for an
				   error */
	const char *plan;
	const char *rounds;
	const char *retry;
	const char *seed;
	const char *out;
	bool dry_run;
	bool no_wait;
};

/* The options; the input of their parser is a struct measuring. */
const struct argp *measuring_argp(void);

/* Makes the plan of the run from the options. Without cells and without --plan,
 * loads the plan `usual`. */
int measuring_plan(const struct measuring *measuring, const char *usual,
		   struct plan *plan, const struct topology *topology);

/*
 * Prints the cells in the order of round 1, the skipped cells, and the expected
 * time of all sessions. labels: the names of the two sides; NULL if the run has
 * one side. as_text: the format is text, the only one.
 */
int measuring_print_dry_run(const struct measuring *measuring, bool as_text,
			    struct plan *plan, const char *const labels[2],
			    int64_t sessions);

/* Sets the run folders of the two sides: --out, or a new name in results/,
 * followed by "-" and the label of the side. */
int measuring_paths(const struct measuring *measuring, const struct plan *plan,
		    const char *const labels[2], char paths[2][PATHS_MAX]);

/* Acquires the machine's lock; see lock.h. Refuses a policy with which
 * measurements hang; see policy.h. */
int measuring_lock(const struct measuring *measuring);

/* Prints the reasons for skipped cells and the warnings of doctor to standard
 * error. */
void measuring_print_warnings(const struct plan *plan,
			      const struct run_folder *folder);

#endif
