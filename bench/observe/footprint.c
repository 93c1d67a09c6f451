/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "footprint.h"

enum {
	FILES_PER_THREAD = 2, /* see account.h */
	/* limit for memory that allocators and libraries keep for later use */
	CACHED_BYTES = 1 << 20,
	STACK_BYTES = 1 << 16,
};

static int64_t own_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long long resident, shared;
	int read = file ? fscanf(file, "%*d %lld %lld", &resident, &shared) : 0;

	if (file)
		fclose(file);
	return read == 2 ? (resident - shared) * sysconf(_SC_PAGESIZE) : -1;
}

static int64_t open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int64_t files = 0;

	if (!folder)
		return -1;
	while (readdir(folder))
		files++;
	closedir(folder);
	return files;
}

void footprint_read(struct footprint *footprint)
{
	footprint->bytes = own_bytes();
	footprint->files = open_files();
}

bool footprint_grew(const struct footprint *before, int threads)
{
	struct footprint after;

	malloc_trim(0);
	footprint_read(&after);
	if (before->bytes >= 0 &&
	    after.bytes > before->bytes + CACHED_BYTES + threads * STACK_BYTES)
		return true;
	return before->files >= 0 &&
	       after.files > before->files + threads * FILES_PER_THREAD;
}
