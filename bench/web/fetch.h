/* SPDX-License-Identifier: BSD-2-Clause */
/* Fetches pages with libcurl, each thread over a connection of its own. */
#ifndef FETCH_H
#define FETCH_H

#include <stdint.h>

#include "library.h"

struct fetcher;

/*
 * Connects to the server by fetching page 0, so that later fetches find a
 * connection. No page may take longer than this. NULL: with the reason.
 */
struct fetcher *fetcher_new(unsigned port, int64_t timeout_ns,
			    char reason[WEB_REASON_MAX]);
void fetcher_free(struct fetcher *fetcher);

/* Fetches the page into `body`, which has room for PAGE_BYTES_MAX, and checks
 * its crc32. Returns its length, or 0 with the reason. */
size_t fetch_page(struct fetcher *fetcher, uint64_t number, char *body,
		  char reason[WEB_REASON_MAX]);

#endif
