/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts runs of one plan together: runs of different hosts become the values of
 * the factor `host`; several runs of one host become more rounds of this host.
 */
#ifndef MERGE_H
#define MERGE_H

#include "source.h"

/*
 * Writes the folder of a merged run: results.csv, threads.csv and run.json, as
 * hosts.h describes them. The folder must be new or empty; after a fault it is
 * as it was before. The sources receive the number of their rounds and rows.
 * Returns 0, or -1 with the fault set:
 *   EXIT_USAGE   the runs cannot be in one run, or the folder is in use
 *   EXIT_DATA    a file of a run is malformed
 *   EXIT_OUTPUT  the folder cannot be written
 */
int merge_write(struct source *sources, size_t count, const char *out,
		struct fault *fault);

#endif
