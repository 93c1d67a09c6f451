/* SPDX-License-Identifier: BSD-2-Clause */
/* What run, ab and aa share: which cells are measured, how often, and where. */
#ifndef MEASURING_H
#define MEASURING_H

#include "options.h"
#include "plan.h"
#include "run_folder.h"

struct measuring {
	struct options_input input;
	struct plan_line line;
	const char *some_param; /* one that was given */
	const char *plan;
	const char *rounds;
	const char *seed;
	const char *out;
	bool dry_run;
	bool no_wait;
};

/* The options; the input of their parser is a struct measuring. */
const struct argp *measuring_argp(void);

/* Lays out what was asked for; without any cells, the plan `usual`. */
int measuring_plan(const struct measuring *measuring, const char *usual,
		   struct plan *plan, const struct topology *topology);

/*
 * Prints cells, order, what is left out and the expected time of so many
 * sessions. labels: of the sides that measure the same cells; NULL: one only.
 */
void measuring_print_dry_run(struct plan *plan, const char *const labels[2],
			     int64_t sessions);

/* Where the runs of two sides go: --out, or a new name, with the labels. */
int measuring_paths(const struct measuring *measuring, const struct plan *plan,
		    const char *const labels[2], char paths[2][PATHS_MAX]);

/* Takes the machine's lock; see lock.h. */
int measuring_lock(const struct measuring *measuring);

/* What is left out of the plan, one line a reason, and what the doctor says;
 * both to standard error. */
void measuring_print_warnings(const struct plan *plan,
			      const struct run_folder *folder);

#endif
