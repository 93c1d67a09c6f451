/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole report of a run: machine, tables, findings. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "fault.h"

/*
 * Writes the report of the run in the folder to `to`, and to report.txt in
 * the folder. Returns 0, or -1 with the fault set. excluded: names of flags,
 * joined by commas, whose rows are left out; report.txt then stays as it is.
 */
int report_write(const char *path, const char *excluded, FILE *to,
		 struct fault *fault);

#endif
