/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A temporary folder of pages. Each page is a file. Savers claim the names
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
	/* file descriptor of the folder; -1: not open */
	int folder;
	pthread_mutex_t claim_lock; /* held while a saver looks for a free name
				       and creates the file */
};

/*
 * Creates a folder for this process in TMPDIR, or in /tmp. Returns 0, or -1
 * with the reason.
 */
int store_make(char path[STORE_PATH_MAX], char reason[WEB_REASON_MAX]);

/* Removes the folder and its files. A missing folder is not an error. */
void store_remove(const char *path);

/*
 * Removes the folders of a server that was killed; `server` is its process id.
 */
void store_remove_left_by(pid_t server);

int store_open(struct store *store, const char *path);
void store_close(struct store *store);

/*
 * Writes a page to the file with the first free number >= *number, and sets
 * *number. With look_first, it claims the name as the tutorial does: lock, look
 * for a free name, create, unlock. Without look_first, it creates the file with
 * O_EXCL, which fails if the file exists. Returns 0 or -errno.
 */
int store_save(struct store *store, bool look_first, uint64_t *number,
	       const char *body, size_t bytes);

/*
 * Reads all files back. For each file that contains a page from 1 to `pages`
 * exactly as page_fill() makes it, increments seen[]. Returns the number of
 * other files, or -errno.
 */
int64_t store_check(const struct store *store, uint64_t pages, uint8_t *seen);

#endif
