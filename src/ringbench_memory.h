/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for shared structures: on lines of its own, and already there. */
#ifndef RINGBENCH_MEMORY_H
#define RINGBENCH_MEMORY_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ringbench_atomics.h"

/*
 * Returns zeroed memory that starts on a line of its own and shares its last
 * line with nobody, or NULL. Every page has been written, so that using it
 * faults nothing in. Release with free().
 */
static inline void *ringbench_alloc_lines(size_t bytes)
{
	size_t lines = bytes / RINGBENCH_LINE +
		       2; /* a line of padding behind */
	void *memory;

	if (lines > SIZE_MAX / RINGBENCH_LINE)
		return NULL;
	memory = aligned_alloc(RINGBENCH_LINE, lines * RINGBENCH_LINE);
	if (memory)
		memset(memory, 0, lines * RINGBENCH_LINE);
	return memory;
}

#endif
