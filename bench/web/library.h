/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads a shared library when it is needed. libcurl and libmicrohttpd depend on
 * 27 other libraries. If the program were linked with them, every observation
 * would start in 14 ms instead of 7 ms, and few observations fetch pages.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stddef.h>

enum {
	WEB_REASON_MAX = 512,
};

/* A function of the library, and the pointer that is set to it. */
struct library_symbol {
	const char *name;
	void *pointer;
};

/*
 * Loads the first available file of `files`, a list that ends with NULL, and
 * looks up all symbols. Returns 0, or -1 with the reason.
 */
int library_load(const char *const *files, const struct library_symbol *symbols,
		 size_t count, char reason[WEB_REASON_MAX]);

#endif
