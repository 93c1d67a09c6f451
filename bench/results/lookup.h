/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers keys from 0 on, in the order in which they first appear. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A lookup of zeros is empty. */
struct lookup {
	struct lookup_entry *entries;
	uint32_t count; /* keys */
};

/*
 * The number of the key. A key that is not there yet is copied and gets the
 * next number, and *added is true.
 */
uint32_t lookup_add(struct lookup *lookup, const void *key, size_t length,
		    bool *added);
void lookup_free(struct lookup *lookup);

#endif
