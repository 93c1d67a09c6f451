/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * curl's type-checking macros call functions by name, but this file calls them
 * through pointers.
 */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "ringbench_clock.h"
#include "fetch.h"
#include "page.h"

#define FUNCTIONS(X)         \
	X(curl_global_init)  \
	X(curl_easy_init)    \
	X(curl_easy_setopt)  \
	X(curl_easy_perform) \
	X(curl_easy_cleanup) \
	X(curl_easy_strerror)

#define POINTER(name) __typeof__(name) *(name);
static struct {
	FUNCTIONS(POINTER)
} lib;

enum {
	URL_MAX = 64,
	/* size of a block that malloc() keeps when it is freed */
	HEAP_BYTES = 96 * 1024,
};

struct fetcher {
	CURL *curl;
	unsigned port;
	char *body; /* buffer of the page being fetched */
	size_t bytes;
	char error[CURL_ERROR_SIZE];
};

/* Loads libcurl. Call this function once in a process, before threads exist. */
static int load_library(char reason[WEB_REASON_MAX])
{
	static const char *const files[] = { "libcurl-gnutls.so.4",
					     "libcurl.so.4", NULL };
#define SYMBOL(name) { #name, &lib.name },
	static const struct library_symbol symbols[] = { FUNCTIONS(SYMBOL) };
	static bool loaded;

	if (loaded)
		return 0;
	if (library_load(files, symbols, sizeof(symbols) / sizeof(symbols[0]),
			 reason) != 0)
		return -1;
	/* No encryption is used, so curl need not initialise it. */
	lib.curl_global_init(CURL_GLOBAL_NOTHING);
	loaded = true;
	return 0;
}

static size_t receive(char *data, size_t size, size_t count, void *arg)
{
	struct fetcher *fetcher = arg;
	size_t bytes = size * count;

	if (bytes > PAGE_BYTES_MAX - fetcher->bytes)
		return 0;
	memcpy(fetcher->body + fetcher->bytes, data, bytes);
	fetcher->bytes += bytes;
	return bytes;
}

static void set_up(struct fetcher *fetcher, int64_t timeout_ns)
{
	CURL *curl = fetcher->curl;

	lib.curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
	lib.curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetcher);
	lib.curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetcher->error);
	lib.curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	/* Signals are unsafe in a process with threads. */
	lib.curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* Ignore the proxy of the environment: the server is on loopback. */
	lib.curl_easy_setopt(curl, CURLOPT_PROXY, "");
	lib.curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
			     (long)(timeout_ns / RINGBENCH_NS_PER_MS) + 1);
}

struct fetcher *fetcher_new(unsigned port, int64_t timeout_ns,
			    char reason[WEB_REASON_MAX])
{
	struct fetcher *fetcher = NULL;
	char *body = malloc(PAGE_BYTES_MAX);

	if (load_library(reason) == 0)
		fetcher = calloc(1, sizeof(*fetcher));
	if (fetcher) {
		fetcher->port = port;
		fetcher->curl = lib.curl_easy_init();
		snprintf(reason, WEB_REASON_MAX, "cannot set up libcurl");
	}
	if (fetcher && fetcher->curl)
		set_up(fetcher, timeout_ns);
	if (!body || !fetcher || !fetcher->curl ||
	    fetch_page(fetcher, 0, body, reason) == 0) {
		fetcher_free(fetcher);
		fetcher = NULL;
	}
	free(body);
	return fetcher;
}

void fetcher_free(struct fetcher *fetcher)
{
	if (fetcher && fetcher->curl)
		lib.curl_easy_cleanup(fetcher->curl);
	free(fetcher);
}

/*
 * libcurl allocates from the thread's own malloc() arena. This function maps
 * the arena when the thread downloads its first page, which happens in the
 * warm-up.
 */
static void warm_heap(void)
{
	static __thread bool warm;
	volatile char *room = warm ? NULL : malloc(HEAP_BYTES);

	for (size_t i = 0; room && i < HEAP_BYTES; i += 1024)
		room[i] = 0;
	free((void *)(uintptr_t)room);
	warm = true;
}

size_t fetch_page(struct fetcher *fetcher, uint64_t number, char *body,
		  char reason[WEB_REASON_MAX])
{
	uint64_t found = 0;
	char url[URL_MAX];
	CURLcode code;

	warm_heap();
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/%" PRIu64,
		 fetcher->port, number);
	fetcher->body = body;
	fetcher->bytes = 0;
	fetcher->error[0] = '\0';
	lib.curl_easy_setopt(fetcher->curl, CURLOPT_URL, url);
	code = lib.curl_easy_perform(fetcher->curl);
	if (code == CURLE_OK && page_number(body, fetcher->bytes, &found) &&
	    found == number)
		return fetcher->bytes;
	snprintf(reason, WEB_REASON_MAX, "cannot fetch page %" PRIu64 ": %s",
		 number,
		 code == CURLE_OK    ? "it came damaged"
		 : fetcher->error[0] ? fetcher->error
				     : lib.curl_easy_strerror(code));
	return 0;
}
