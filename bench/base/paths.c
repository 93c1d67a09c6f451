/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

enum {
	DESCRIPTORS =
		16, /* largest number of open folders while a tree is removed */
};

static bool find_in(const char *folder, const char *below, const char *relative,
		    char path[PATHS_MAX])
{
	return snprintf(path, PATHS_MAX, "%s/%s%s", folder, below, relative) <
		       PATHS_MAX &&
	       access(path, R_OK) == 0;
}

/* The program is build/ringbench or build/NAME/ringbench in its source tree, or
 * bin/ringbench next to share/ringbench/. */
int paths_find(const char *relative, char path[PATHS_MAX])
{
	char folder[PATHS_MAX];
	ssize_t length = readlink("/proc/self/exe", folder, PATHS_MAX - 1);
	char *slash;

	if (length < 0)
		return -errno;
	folder[length] = '\0';
	for (int up = 1; up <= 3 && (slash = strrchr(folder, '/')); up++) {
		*slash = '\0';
		if (up > 1 &&
		    (find_in(folder, "", relative, path) ||
		     find_in(folder, "share/ringbench/", relative, path)))
			return 0;
	}
	return -ENOENT;
}

int paths_make_folder(const char *path)
{
	char part[PATHS_MAX];

	if (snprintf(part, sizeof(part), "%s", path) >= PATHS_MAX)
		return -ENAMETOOLONG;
	for (char *c = part + 1;; c++) {
		char end = *c;

		if (end != '/' && end != '\0')
			continue;
		*c = '\0';
		if (mkdir(part, 0777) != 0 && errno != EEXIST)
			return -errno;
		if (end == '\0')
			return 0;
		*c = end;
	}
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	remove(path);
	return 0;
}

void paths_remove_tree(const char *path)
{
	nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

int paths_write_file(const char *path, const char *text)
{
	char temporary[PATHS_MAX];
	size_t length = strlen(text);
	bool written;
	FILE *file;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= PATHS_MAX)
		return -ENAMETOOLONG;
	file = fopen(temporary, "we");
	if (!file)
		return -errno;
	written = fwrite(text, 1, length, file) == length;
	if (fclose(file) != 0 || !written || rename(temporary, path) != 0) {
		int error = errno ? errno : EIO;

		unlink(temporary);
		return -error;
	}
	return 0;
}
