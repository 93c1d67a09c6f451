/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for pages on their way. Whoever fetches takes a page out of the pool,
 * it travels by its address, and whoever has saved it puts it back.
 */
#ifndef POOL_H
#define POOL_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "page.h"

enum {
	POOL_MADE_MAX = 64,
};

struct page {
	struct page *next;	/* that is free, too */
	struct page *next_made; /* all that there are */
	uint64_t number;
	size_t bytes;
	char body[PAGE_BYTES_MAX];
};

/* The page that was put back last comes out first: it is still in caches. */
struct pool {
	pthread_mutex_t mutex;
	struct page *free;
	struct page *made;
};

/* Makes so many pages, or POOL_MADE_MAX, beforehand, faulted in. 0 or -errno.
 */
int pool_init(struct pool *pool, size_t pages);

/* Frees all pages, wherever they are. Harmless on a pool of zeros. */
void pool_free(struct pool *pool);

/* Makes one more when all are in use; NULL: there is no memory for it. */
struct page *pool_get(struct pool *pool);
void pool_put(struct pool *pool, struct page *page);

#endif
