/* SPDX-License-Identifier: BSD-2-Clause */
/* A made-up machine: a directory with a few files, for tests. */
#ifndef MADE_UP_HOST_H
#define MADE_UP_HOST_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"

static char root[] = "/tmp/made_up_host_XXXXXX";

static inline int remove_entry(const char *path, const struct stat *status,
			       int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

static inline int make_root(void **state)
{
	(void)state;
	strcpy(strrchr(root, '_'), "_XXXXXX");
	host_root = root;
	return mkdtemp(root) ? 0 : -1;
}

static inline int remove_root(void **state)
{
	(void)state;
	host_root = "";
	return nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Writes a file below the root, with the directories that it needs. */
static inline void put(const char *path, const char *content)
{
	char full[1024];
	char *slash;
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root, path);
	slash = full + strlen(root);
	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		mkdir(full, 0700);
		*slash = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)

#endif
