/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the files that come with the program: plans, plot scripts, scripts. */
#ifndef PATHS_H
#define PATHS_H

#include "fault.h"

enum {
	PATHS_MAX = 4096,
};

/*
 * The path of a file named relative to the source tree, in the tree that the
 * program was built in, or else where `make install` put it. Returns 0, or
 * -ENOENT.
 */
int paths_find(const char *relative, char path[PATHS_MAX]);

/* Creates a folder and those above it. Returns 0 or -errno. */
int paths_make_folder(const char *path);

/* Removes a folder with all that is in it, as far as it can. */
void paths_remove_tree(const char *path);

/* Writes text to path under a temporary name, then renames. 0 or -errno. */
int paths_write_file(const char *path, const char *text);

#endif
