/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that a process shares with the processes that it forks. */
#ifndef RINGBENCH_SHARED_MEMORY_H
#define RINGBENCH_SHARED_MEMORY_H

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum {
#ifdef MAP_ANONYMOUS
	RINGBENCH_MAP_ANONYMOUS = MAP_ANONYMOUS,
#else /* hidden by -std=c11; Linux's number, except on Alpha, MIPS and PA-RISC \
       */
	RINGBENCH_MAP_ANONYMOUS = 0x20,
#endif
};

/*
 * Returns zeroed memory, every page of which has been written, or NULL. Release
 * it with ringbench_free_shared() and the same size.
 */
static inline void *ringbench_alloc_shared(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | RINGBENCH_MAP_ANONYMOUS, -1, 0);

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
