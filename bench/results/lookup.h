/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives each different key a number: 0, 1, 2 and so on, in the order of their
 * first appearance. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zeroed struct is an empty lookup. */
struct lookup {
	struct lookup_entry *entries;
	uint32_t count; /* keys */
};

/*
 * Returns the number of the key. A new key is copied and gets the next number;
 * then *added is true.
 */
uint32_t lookup_add(struct lookup *lookup, const void *key, size_t length,
		    bool *added);
void lookup_free(struct lookup *lookup);

#endif
