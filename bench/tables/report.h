/* SPDX-License-Identifier: BSD-2-Clause */
/* The report of a run: machine, tables, findings. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "fault.h"
#include "output.h"
#include "run.h"

/*
 * Writes the report of the run in the folder `path` to `to` in the given
 * format, and as text to report.txt in that folder. excluded: flags, joined by
 * commas. Rows with one of these flags are left out, and report.txt is not
 * written. NULL: leave out no rows. Returns 0, or -1 with the fault set.
 */
int report_write(const char *path, const char *excluded,
		 enum output_format format, FILE *to, struct fault *fault);

/* Prints revision, plan, rounds, machine and kernel in two lines. */
void report_print_head(const struct run *run, FILE *to);

#endif
