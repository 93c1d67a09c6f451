/* SPDX-License-Identifier: BSD-2-Clause */
/* The report of a run as one HTML page. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "fault.h"
#include "paths.h"

/*
 * Draws the pictures of the run in the folder `path`, and writes the page to
 *   report.html in that folder. The page needs no network and no script. page:
 *   receives the path of the page, or "" if the page was not written. Returns
 *   0, or -1 with the fault set: EXIT_DATA `path` is not the folder of a run
 *   EXIT_CHILD the page has no pictures and names the reason: gnuplot is
 *   missing or failed, or its scripts are missing EXIT_OUTPUT the page or a
 *   picture could not be written
 */
int report_page_write(const char *path, char page[PATHS_MAX],
		      struct fault *fault);

#endif
