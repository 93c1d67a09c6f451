/* SPDX-License-Identifier: BSD-2-Clause */
/* Prepares the files of an interrupted run, so that rows can be appended. */
#ifndef RESUME_H
#define RESUME_H

#include <stddef.h>
#include <stdint.h>

#include "fault.h"

/*
 * For results.csv and threads.csv in dir: a torn last row moves into FILE.torn,
 * and the rows of the session's last, incomplete round get the flag superseded.
 * The new file replaces the old file by a rename. *round: the first incomplete
 * round. A round in which `cells` cells were measured is complete, even if
 * disturbed cells were not measured again.
 */
int resume_clean(const char *dir, const char *session_id, size_t cells,
		 int64_t *round, struct fault *fault);

#endif
