/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the files of a run that was cut off fit to be appended to. */
#ifndef RESUME_H
#define RESUME_H

#include <stddef.h>
#include <stdint.h>

#include "fault.h"

/*
 * For results.csv and threads.csv in dir: a torn last row moves into
 * FILE.torn, and the rows of the session's last, incomplete round get the flag
 * superseded. The new file takes the old one's place by rename. *round is the
 * first one that is not complete: `cells` rows make a round complete.
 */
int resume_clean(const char *dir, const char *session_id, size_t cells,
		 int64_t *round, struct fault *fault);

#endif
