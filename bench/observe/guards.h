/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guards at the end of memory: ringbench_alloc_lines() fills the rest of the
 * last cache line with a pattern. A queue that writes beyond the end of its
 * memory changes the pattern.
 */
#ifndef GUARDS_H
#define GUARDS_H

#include <stdbool.h>

/* Forgets all guards. Call this function before the queues of a phase are
 * created. */
void guards_forget(void);

/*
 * Whether all patterns are unchanged. Call this function before the memory is
 * released. Only the first GUARDS_MAX allocations of a phase have a guard.
 */
bool guards_are_whole(void);

#endif
