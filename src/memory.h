/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for shared structures: on lines of its own, and already there. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "atomics.h"

/*
 * Returns zeroed memory that starts on a line of its own and shares its last
 * line with nobody, or NULL. Every page has been written, so that using it
 * faults nothing in. Release with free().
 */
static inline void *memory_lines(size_t bytes)
{
	size_t lines = bytes / LINE_BYTES + 2; /* a line of padding behind */
	void *memory;

	if (lines > SIZE_MAX / LINE_BYTES)
		return NULL;
	memory = aligned_alloc(LINE_BYTES, lines * LINE_BYTES);
	if (memory)
		memset(memory, 0, lines * LINE_BYTES);
	return memory;
}

#endif
