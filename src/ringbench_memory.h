/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for structures that threads share: own cache lines, no page faults. */
#ifndef RINGBENCH_MEMORY_H
#define RINGBENCH_MEMORY_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ringbench_atomics.h"

#ifdef RINGBENCH_GUARD
/*
 * With RINGBENCH_GUARD, ringbench_alloc_lines() calls this function for the
 * bytes behind the memory that it returns, if the program defines the function.
 * The program can fill these bytes with a pattern and check the pattern later.
 */
#ifdef __cplusplus
extern "C"
#endif
	void
	ringbench_guard(void *first, size_t bytes) __attribute__((weak));
#endif

/*
 * Returns zeroed memory, or NULL. The memory starts at a cache line, and no
 * other object lies in its last cache line. Every page has been written, so
 * that later use causes no page fault. Release it with free().
 */
static inline void *ringbench_alloc_lines(size_t bytes)
{
	size_t lines = bytes / RINGBENCH_LINE + 2; /* the last one is padding */
	void *memory;

	if (lines > SIZE_MAX / RINGBENCH_LINE)
		return NULL;
	memory = aligned_alloc(RINGBENCH_LINE, lines * RINGBENCH_LINE);
	if (memory)
		memset(memory, 0, lines * RINGBENCH_LINE);
#ifdef RINGBENCH_GUARD
	if (memory && ringbench_guard)
		ringbench_guard(RINGBENCH_CAST(char *, memory) + bytes,
				lines * RINGBENCH_LINE - bytes);
#endif
	return memory;
}

#endif
