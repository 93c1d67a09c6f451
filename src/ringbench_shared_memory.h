/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that processes share. */
#ifndef RINGBENCH_SHARED_MEMORY_H
#define RINGBENCH_SHARED_MEMORY_H

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Returns zeroed memory for processes to be forked, which share it; every page
 * has been written. NULL if there is none. Release with ringbench_free_shared()
 * and the same size.
 */
static inline void *ringbench_alloc_shared(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	return memset(memory, 0, bytes);
}

static inline void ringbench_free_shared(void *memory, size_t bytes)
{
	if (memory)
		munmap(memory, bytes);
}

#endif
