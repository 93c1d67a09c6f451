/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "page.h"
#include "store.h"

enum {
	NAME_MAX_LENGTH = 32,
	FILE_MODE = 0600,
};

static const char *parent_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/tmp";
}

int store_make(char path[STORE_PATH_MAX], char reason[WEB_REASON_MAX])
{
	const char *parent = parent_folder();
	int length;

	length = snprintf(path, STORE_PATH_MAX, "%s/ringbench-%d-XXXXXX",
			  parent, (int)getpid());
	if (length < STORE_PATH_MAX && mkdtemp(path))
		return 0;
	snprintf(reason, WEB_REASON_MAX,
		 "cannot make a folder for pages in %.200s: %s; set TMPDIR to "
		 "a folder that can be written",
		 parent,
		 strerror(length < STORE_PATH_MAX ? errno : ENAMETOOLONG));
	path[0] = '\0';
	return -1;
}

void store_remove(const char *path)
{
	DIR *folder = *path ? opendir(path) : NULL;
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (*entry->d_name != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	if (*path)
		rmdir(path);
}

void store_remove_left_by(pid_t server)
{
	char pattern[STORE_PATH_MAX];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/ringbench-%d-??????",
		 parent_folder(), (int)server);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			store_remove(found.gl_pathv[i]);
	globfree(&found);
}

int store_open(struct store *store, const char *path)
{
	pthread_mutex_init(&store->claim_lock, NULL);
	store->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return store->folder < 0 ? -errno : 0;
}

void store_close(struct store *store)
{
	if (store->folder >= 0)
		close(store->folder);
	store->folder = -1;
}

static int create(struct store *store, uint64_t number, int flags)
{
	char name[NAME_MAX_LENGTH];

	snprintf(name, sizeof(name), "page-%" PRIu64, number);
	return openat(store->folder, name,
		      O_WRONLY | O_CREAT | O_CLOEXEC | flags, FILE_MODE);
}

static bool exists(struct store *store, uint64_t number)
{
	char name[NAME_MAX_LENGTH];

	snprintf(name, sizeof(name), "page-%" PRIu64, number);
	return faccessat(store->folder, name, F_OK, 0) == 0;
}

/* Claims a name. Returns the file descriptor, or -1 with errno. */
static int claim(struct store *store, bool look_first, uint64_t *number)
{
	int file;

	if (!look_first) {
		while ((file = create(store, *number, O_EXCL)) < 0 &&
		       errno == EEXIST)
			++*number;
		return file;
	}
	pthread_mutex_lock(&store->claim_lock);
	while (exists(store, *number))
		++*number;
	file = create(store, *number, O_TRUNC);
	pthread_mutex_unlock(&store->claim_lock);
	return file;
}

int store_save(struct store *store, bool look_first, uint64_t *number,
	       const char *body, size_t bytes)
{
	int file = claim(store, look_first, number);
	int error = file < 0 ? errno : 0;

	while (!error && bytes > 0) {
		ssize_t written = write(file, body, bytes);

		if (written < 0 && errno != EINTR)
			error = errno;
		else if (written > 0) {
			body += written;
			bytes -= (size_t)written;
		}
	}
	if (file >= 0 && close(file) != 0 && !error)
		error = errno;
	return -error;
}

/*
 * Reads up to PAGE_BYTES_MAX + 1 bytes, so that a file that is too long is
 * noticed. Returns 0 or -errno.
 */
static int read_file(int folder, const char *name, char *body, size_t *bytes)
{
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t got = file < 0 ? -1 : 1;

	*bytes = 0;
	while (got > 0 && *bytes <= PAGE_BYTES_MAX) {
		got = read(file, body + *bytes, PAGE_BYTES_MAX + 1 - *bytes);
		*bytes += got > 0 ? (size_t)got : 0;
	}
	got = got < 0 ? -errno : 0;
	if (file >= 0)
		close(file);
	return (int)got;
}

/* Whether the content is exactly the page of its number. */
static bool verify(const char *body, size_t bytes, char *expected,
		   uint64_t *number)
{
	if (!page_number(body, bytes, number) || page_bytes(*number) != bytes)
		return false;
	page_fill(*number, expected, bytes);
	return memcmp(body, expected, bytes) == 0;
}

int64_t store_check(const struct store *store, uint64_t pages, uint8_t *seen)
{
	char *body = malloc(2 * (PAGE_BYTES_MAX + 1));
	/* Not dup(): it would share the read position of the folder. */
	DIR *folder = fdopendir(
		openat(store->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	int error = folder ? 0 : -errno;
	struct dirent *entry;
	int64_t foreign = 0;
	size_t bytes;

	if (!body)
		error = -ENOMEM;
	while (folder && !error && (entry = readdir(folder))) {
		uint64_t number = 0;

		if (*entry->d_name == '.')
			continue;
		error = read_file(store->folder, entry->d_name, body, &bytes);
		if (!verify(body, bytes, body + PAGE_BYTES_MAX + 1, &number) ||
		    number == 0 || number > pages)
			foreign++;
		else if (seen[number] < UINT8_MAX)
			seen[number]++;
	}
	if (folder)
		closedir(folder);
	free(body);
	return error ? error : foreign;
}
