/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends all processes that an observation has started, because a remaining
 * process would disturb the next observation. Processes whose parent has ended
 * become children of this process, in any process group or session.
 */
#ifndef DESCENDANTS_H
#define DESCENDANTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* After this call orphans become children of this process. The children that it
 * already has belong to another program and are not killed. */
void descendants_adopt(void);

/*
 * Kills the process and its group unless it has ended, reaps it and fills in
 * its wait status. Then waits up to grace_ns for its descendants to clean up,
 * and kills the remaining descendants. Calls the callback for each descendant
 * that ended. Returns the number of killed descendants, or -1 if some cannot be
 * ended.
 */
int descendants_end(pid_t pid, int64_t grace_ns, void (*gone)(pid_t pid),
		    int *status);

#endif
