/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verification of pages: each page number from 1 to the last sent number must
 * be found exactly once, at the end of the pipeline or left over in a queue.
 */
#ifndef PAGE_COUNT_H
#define PAGE_COUNT_H

#include <stdint.h>

#include "store.h"

struct page_count {
	uint64_t sent;
	uint64_t count; /* number of pages that were found */
	uint64_t sum;
	uint64_t squares;
	/* [sent + 1]: how often each page was found; NULL: no files to check */
	uint8_t *seen;
	uint64_t lost;
	uint64_t repeated;
};

/* Returns 0 or -ENOMEM. The caller frees pages->seen at the end. */
int page_count_init(struct page_count *pages, uint64_t sent, bool on_disk);

/* Adds one page that is left over. */
void page_count_add(struct page_count *pages, uint64_t number);

/*
 * Adds the pages at the end of the pipeline by their count, sum and sum of
 * squares. Sets `lost` and `repeated`.
 */
void page_count_compare(struct page_count *pages, uint64_t count, uint64_t sum,
			uint64_t squares);

/*
 * Checks the files on disk and updates `lost` and `repeated`. Returns the
 * number of files that contain no page that was sent, or -errno.
 */
int64_t page_count_check_files(struct page_count *pages,
			       const struct store *store);

#endif
