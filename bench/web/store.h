/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A temporary folder of pages, each in a file of its own. Savers claim names
 * page-1, page-2, ... and must not write into each other's files.
 */
#ifndef STORE_H
#define STORE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "library.h"

enum {
	STORE_PATH_MAX = 256,
};

struct store {
	int folder;		    /* file descriptor; -1: not open */
	pthread_mutex_t claim_lock; /* for those who look before they create */
};

/* Makes a folder for this process below TMPDIR, or /tmp. 0, or -1 with the
 * reason. */
int store_make(char path[STORE_PATH_MAX], char reason[WEB_REASON_MAX]);

/* Removes the folder with all that is in it; one that is gone is fine. */
void store_remove(const char *path);

/* Removes what a server with this process id could not remove itself. */
void store_remove_left_by(pid_t server);

int store_open(struct store *store, const char *path);
void store_close(struct store *store);

/*
 * Writes a file with the first free number from *number on, and says which.
 * The name is claimed by creating what must not exist, or, if `look_first`, as
 * the tutorial does: take a lock, look for a free name, create. 0 or -errno.
 */
int store_save(struct store *store, bool look_first, uint64_t *number,
	       const char *body, size_t bytes);

/*
 * Reads all files back and raises seen[] of each page from 1 to `pages` that
 * is there as page_fill() makes it. Returns the number of files that are no
 * such page, or -errno.
 */
int64_t store_check(const struct store *store, uint64_t pages, uint8_t *seen);

#endif
