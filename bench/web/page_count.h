/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accounts for pages: each number from 1 to the last one sent must be found
 * once, at the end of the pipeline or left over in it.
 */
#ifndef PAGE_COUNT_H
#define PAGE_COUNT_H

#include <stdint.h>

#include "store.h"

struct page_count {
	uint64_t sent;
	uint64_t count; /* of those that were found */
	uint64_t sum;
	uint64_t squares;
	uint8_t *seen; /* [sent + 1], how often; NULL: no disk to look at */
	uint64_t lost;
	uint64_t repeated;
};

/* Free pages->seen at the end. 0 or -ENOMEM. */
int page_count_init(struct page_count *pages, uint64_t sent, bool on_disk);

/* One page that is left over. */
void page_count_add(struct page_count *pages, uint64_t number);

/* Adds those at the end of the pipeline, by count, sum and sum of squares, and
 * finds what was lost and what is there more than once. */
void page_count_compare(struct page_count *pages, uint64_t count, uint64_t sum,
			uint64_t squares);

/* The same by the files on disk. The number of files that are no page that was
 * sent, or -errno. */
int64_t page_count_check_files(struct page_count *pages,
			       const struct store *store);

#endif
