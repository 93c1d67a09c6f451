/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pool of memory for pages. The downloader gets a page from the pool, the
 * queue transfers its address, and the saver puts the page back after saving
 * it.
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
	struct page *next;	/* next free page */
	struct page *next_made; /* next page in the list of all pages */
	uint64_t number;
	size_t bytes;
	char body[PAGE_BYTES_MAX];
};

/*
 * A stack of free pages. The page that was put back last is used first, because
 * it may still be in a cache.
 */
struct pool {
	pthread_mutex_t mutex;
	struct page *free;
	struct page *made;
};

/*
 * Allocates `pages` pages, at most POOL_MADE_MAX, and maps their memory.
 * Returns 0 or -errno.
 */
int pool_init(struct pool *pool, size_t pages);

/* Frees all pages, also pages in use. Does nothing on a zeroed pool. */
void pool_free(struct pool *pool);

/* Allocates another page if all pages are in use. NULL: out of memory. */
struct page *pool_get(struct pool *pool);
void pool_put(struct pool *pool, struct page *page);

#endif
