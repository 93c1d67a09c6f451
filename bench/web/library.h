/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads a library when it is needed. libcurl and libmicrohttpd bring 27 other
 * libraries along: linked with them, every observation would start in 14 ms
 * instead of 7, and nearly none fetches a page.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stddef.h>

enum {
	WEB_REASON_MAX = 512,
};

/* A function of the library, and the pointer that shall point to it. */
struct library_symbol {
	const char *name;
	void *pointer;
};

/*
 * Loads the first of these files that is there, to NULL, and finds all symbols
 * in it. Returns 0, or -1 with the reason.
 */
int library_load(const char *const *files, const struct library_symbol *symbols,
		 size_t count, char reason[WEB_REASON_MAX]);

#endif
