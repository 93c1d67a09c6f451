/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds items that were numbered from 0 on by what they are: a hash table. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lookup {
	uint64_t *hashes; /* of each item */
	uint32_t *slots;  /* 0: free, else the number of an item plus 1 */
	size_t room;	  /* slots; a power of two, or 0 */
	uint32_t count;	  /* items */
};

/* Whether the item is what is looked for. */
typedef bool lookup_same(uint32_t item, const void *wanted);

/*
 * The number of the item; when there is none yet, it gets the next number and
 * *added is true. A lookup of zeros is empty.
 */
uint32_t lookup_add(struct lookup *lookup, uint64_t hash, lookup_same *same,
		    const void *wanted, bool *added);
void lookup_free(struct lookup *lookup);

/* Goes on with a hash (from LOOKUP_SEED) over more bytes. */
#define LOOKUP_SEED 14695981039346656037u
uint64_t lookup_hash(uint64_t hash, const void *bytes, size_t length);

#endif
