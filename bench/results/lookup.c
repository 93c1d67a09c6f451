/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "lookup.h"

/* Fowler, Noll and Vo's hash, 1a. */
uint64_t lookup_hash(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * 1099511628211u;
	return hash;
}

/* Its low bits are the weak ones. */
static size_t first_slot(uint64_t hash, size_t room)
{
	return (size_t)(hash ^ hash >> 32) & (room - 1);
}

static void put(struct lookup *lookup, uint32_t item)
{
	size_t slot = first_slot(lookup->hashes[item], lookup->room);

	while (lookup->slots[slot])
		slot = (slot + 1) & (lookup->room - 1);
	lookup->slots[slot] = item + 1;
}

/* At most half of the slots are taken. */
static void enlarge(struct lookup *lookup)
{
	lookup->room = lookup->room ? 2 * lookup->room : 64;
	free(lookup->slots);
	lookup->slots = calloc(lookup->room, sizeof(*lookup->slots));
	lookup->hashes = realloc(lookup->hashes,
				 lookup->room * sizeof(*lookup->hashes));
	if (!lookup->slots || !lookup->hashes)
		abort();
	for (uint32_t i = 0; i < lookup->count; i++)
		put(lookup, i);
}

uint32_t lookup_add(struct lookup *lookup, uint64_t hash, lookup_same *same,
		    const void *wanted, bool *added)
{
	if (2 * ((size_t)lookup->count + 1) > lookup->room)
		enlarge(lookup);
	for (size_t slot = first_slot(hash, lookup->room); lookup->slots[slot];
	     slot = (slot + 1) & (lookup->room - 1)) {
		uint32_t item = lookup->slots[slot] - 1;

		if (lookup->hashes[item] == hash && same(item, wanted)) {
			*added = false;
			return item;
		}
	}
	lookup->hashes[lookup->count] = hash;
	put(lookup, lookup->count);
	*added = true;
	return lookup->count++;
}

void lookup_free(struct lookup *lookup)
{
	free(lookup->hashes);
	free(lookup->slots);
	memset(lookup, 0, sizeof(*lookup));
}
