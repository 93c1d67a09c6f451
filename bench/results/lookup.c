/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "lookup.h"

struct lookup_entry {
	uint32_t number;
	UT_hash_handle hh;
	char key[];
};

uint32_t lookup_add(struct lookup *lookup, const void *key, size_t length,
		    bool *added)
{
	struct lookup_entry *entry;
	unsigned hash;

	HASH_VALUE(key, length, hash);
	HASH_FIND_BYHASHVALUE(hh, lookup->entries, key, length, hash, entry);
	*added = !entry;
	if (entry)
		return entry->number;
	entry = malloc(sizeof(*entry) + length);
	if (!entry)
		abort();
	memcpy(entry->key, key, length);
	entry->number = lookup->count++;
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, lookup->entries, entry->key, length,
				    hash, entry);
	return entry->number;
}

void lookup_free(struct lookup *lookup)
{
	struct lookup_entry *entry = lookup->entries, *next;

	/* HASH_CLEAR frees the table and leaves the entries linked. */
	HASH_CLEAR(hh, lookup->entries);
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry);
	}
	lookup->count = 0;
}
