/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "page_count.h"

int page_count_init(struct page_count *pages, uint64_t sent, bool on_disk)
{
	memset(pages, 0, sizeof(*pages));
	pages->sent = sent;
	if (on_disk)
		pages->seen = calloc(sent + 1, 1);
	return on_disk && !pages->seen ? -ENOMEM : 0;
}

void page_count_add(struct page_count *pages, uint64_t number)
{
	pages->count++;
	pages->sum += number;
	pages->squares += number * number;
	if (pages->seen && number <= pages->sent &&
	    pages->seen[number] < UINT8_MAX)
		pages->seen[number]++;
}

void page_count_compare(struct page_count *pages, uint64_t count, uint64_t sum,
			uint64_t squares)
{
	unsigned __int128 n = pages->sent;

	pages->count += count;
	pages->sum += sum;
	pages->squares += squares;
	pages->lost = pages->repeated = 0;
	if (pages->count < pages->sent)
		pages->lost = pages->sent - pages->count;
	else if (pages->count > pages->sent)
		pages->repeated = pages->count - pages->sent;
	else if (pages->sum != (uint64_t)(n * (n + 1) / 2) ||
		 pages->squares != (uint64_t)(n * (n + 1) * (2 * n + 1) / 6))
		pages->lost = pages->repeated = 1; /* lower bounds */
}

int64_t page_count_check_files(struct page_count *pages,
			       const struct store *store)
{
	int64_t foreign = store_check(store, pages->sent, pages->seen);
	uint64_t lost = 0, repeated = 0;

	for (uint64_t i = 1; i <= pages->sent; i++) {
		lost += pages->seen[i] == 0;
		if (pages->seen[i] > 1)
			repeated += pages->seen[i] - 1U;
	}
	if (pages->lost < lost)
		pages->lost = lost;
	if (pages->repeated < repeated)
		pages->repeated = repeated;
	return foreign;
}
