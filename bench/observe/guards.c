/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guards.h"
#include "ringbench_memory.h"

enum {
	GUARDS_MAX = 1024,
	PATTERN = 0xc5,
};

struct guard {
	unsigned char *first;
	size_t bytes;
};

static struct guard guards[GUARDS_MAX];
static uint32_t guard_count; /* number of allocations; can exceed GUARDS_MAX */

void ringbench_guard(void *first, size_t bytes)
{
	uint32_t number = ringbench_fetch_add_relaxed(&guard_count, 1U);

	memset(first, PATTERN, bytes);
	if (number < GUARDS_MAX)
		guards[number] = (struct guard){ first, bytes };
}

void guards_forget(void)
{
	memset(guards, 0, sizeof(guards));
	ringbench_store_relaxed(&guard_count, 0);
}

/* Whether the memory is still mapped. A queue must not release its memory
 * before queue_destroy(), but a faulty queue may. */
static bool is_mapped(const unsigned char *address)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	unsigned char resident;

	return mincore((void *)((uintptr_t)address & ~(page - 1)), page,
		       &resident) == 0;
}

static bool is_whole(const struct guard *guard)
{
	for (size_t i = 0; i < guard->bytes; i++)
		if (guard->first[i] != PATTERN)
			return false;
	return true;
}

bool guards_are_whole(void)
{
	for (size_t i = 0; i < GUARDS_MAX && guards[i].first; i++)
		if (is_mapped(guards[i].first) && !is_whole(&guards[i]))
			return false;
	return true;
}
