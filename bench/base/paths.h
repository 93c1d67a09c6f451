/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the files that come with the program: plans, plot scripts, scripts. */
#ifndef PATHS_H
#define PATHS_H

#include "fault.h"

enum {
	PATHS_MAX = 4096,
};

/*
 * Finds a file by its path relative to the source tree: first in the source
 * tree of this build, then in share/ringbench/ of the installation. Returns 0,
 * or -errno.
 */
int paths_find(const char *relative, char path[PATHS_MAX]);

/* Creates a folder and its parent folders. Returns 0 or -errno. */
int paths_make_folder(const char *path);

/* Removes a folder and everything in it. Ignores errors. */
void paths_remove_tree(const char *path);

/* Writes text to a temporary file, then renames it to path. Returns 0 or
 * -errno. */
int paths_write_file(const char *path, const char *text);

#endif
