/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing of an observation survives it: a process that is left over would
 * disturb the next one. Processes whose parent has ended become ours, whatever
 * group or session they are in.
 */
#ifndef DESCENDANTS_H
#define DESCENDANTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* From here on orphans become children of this process. Those that it has
 * already are somebody else's and are let alone. */
void descendants_adopt(void);

/*
 * Kills the process and its group unless it has ended, reaps it and fills in
 * its wait status. Then waits up to grace_ns for its descendants to tidy up,
 * and kills those that are left. Calls back for each that is gone. Returns how
 * many were killed, or -1 when some cannot be ended.
 */
int descendants_end(pid_t pid, int64_t grace_ns, void (*gone)(pid_t pid),
		    int *status);

#endif
