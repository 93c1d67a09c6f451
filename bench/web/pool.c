/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "ringbench_memory.h"
#include "pool.h"

static struct page *make(struct pool *pool)
{
	struct page *page = ringbench_alloc_lines(sizeof(*page));

	if (!page)
		return NULL;
	page->next_made = pool->made;
	pool->made = page;
	return page;
}

int pool_init(struct pool *pool, size_t pages)
{
	pthread_mutex_init(&pool->mutex, NULL);
	pool->free = pool->made = NULL;
	if (pages > POOL_MADE_MAX)
		pages = POOL_MADE_MAX;
	while (pages-- > 0) {
		struct page *page = make(pool);

		if (!page)
			return -ENOMEM;
		pool_put(pool, page);
	}
	return 0;
}

void pool_free(struct pool *pool)
{
	while (pool->made) {
		struct page *page = pool->made;

		pool->made = page->next_made;
		free(page);
	}
	pool->free = NULL;
}

struct page *pool_get(struct pool *pool)
{
	struct page *page;

	pthread_mutex_lock(&pool->mutex);
	page = pool->free;
	if (page)
		pool->free = page->next;
	else
		page = make(pool);
	pthread_mutex_unlock(&pool->mutex);
	return page;
}

void pool_put(struct pool *pool, struct page *page)
{
	pthread_mutex_lock(&pool->mutex);
	page->next = pool->free;
	pool->free = page;
	pthread_mutex_unlock(&pool->mutex);
}
