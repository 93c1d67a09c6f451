/* SPDX-License-Identifier: BSD-2-Clause */
/* Downloads pages with libcurl. Each thread has its own connection. */
#ifndef FETCH_H
#define FETCH_H

#include <stdint.h>

#include "library.h"

struct fetcher;

/*
 * Connects to the server by fetching page 0, so that later fetches use an open
 * connection. Each fetch fails after timeout_ns. Returns NULL with the reason.
 */
struct fetcher *fetcher_new(unsigned port, int64_t timeout_ns,
			    char reason[WEB_REASON_MAX]);
void fetcher_free(struct fetcher *fetcher);

/*
 * Fetches a page into `body`, which has space for PAGE_BYTES_MAX bytes, and
 * checks its CRC-32. Returns its length, or 0 with the reason.
 */
size_t fetch_page(struct fetcher *fetcher, uint64_t number, char *body,
		  char reason[WEB_REASON_MAX]);

#endif
