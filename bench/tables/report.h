/* SPDX-License-Identifier: BSD-2-Clause */
/* The report of a run: machine, tables, findings. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "fault.h"
#include "output.h"
#include "run.h"

/* What a report shows; NULL: everything. */
struct report_choice {
	const char *excluded; /* flags, joined by commas; rows with one of them
				 are left out */
	const char *host;     /* only this host of a merged run */
};

/*
 * Writes the report of the run in the folder `path` to `to` in the given
 * format. If it shows everything, also writes it as text to report.txt in that
 * folder. The report of a merged run compares the machines, and then reports
 * each host as a run of its own. Returns 0, or -1 with the fault set.
 */
int report_write(const char *path, const struct report_choice *choice,
		 enum output_format format, FILE *to, struct fault *fault);

/* Prints revision, plan, rounds, machine and kernel in two lines. */
void report_print_head(const struct run *run, FILE *to);

#endif
