/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts from /proc and /sys. Any of these files may be missing anywhere. */
#ifndef HOST_FILES_H
#define HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#define HOST_COUNT(array) (sizeof(array) / sizeof(*(array)))

enum {
	HOST_TEXT_MAX = 4096, /* a sysfs file is a page at most */
	HOST_PATH_MAX = 1024,
};

enum fact_kind {
	FACT_TEXT,
	FACT_NUMBER,
	FACT_CHOICE, /* the bracketed word of "always [madvise] never" */
};

/* One fact that is the whole content of one file. */
struct fact {
	const char *section;
	const char *key;
	const char *path;
	enum fact_kind kind;
};

/* One fact that is the value of one line of a file. */
struct field {
	const char *key;
	const char *name; /* in the file */
	enum fact_kind kind;
};

/* host_root and the path. */
void host_path(char full[HOST_PATH_MAX], const char *path);

/* The file below host_root, to be closed; NULL when it cannot be read. */
FILE *host_open(const char *path);

/*
 * The file's first size - 1 bytes without blanks at the end, as text. False,
 * and an empty text, when it cannot be read or is empty.
 */
bool host_read(char *text, size_t size, const char *path, ...)
	__attribute__((format(printf, 3, 4)));

/* How long a thread has been ready without a CPU, from its schedstat file; -1:
 * nobody knows. Its first number, time on a CPU, is stale until the tick. */
int host_open_schedstat(void);
int64_t host_runqueue_ns(int schedstat);

/* The value of the first line "name SEPARATOR value"; blanks are skipped. */
bool host_field(char *value, size_t size, const char *path, const char *name,
		char separator);

/* A new reference, or NULL when the text is not what the kind asks for. */
json_t *host_value(const char *text, enum fact_kind kind);

/* into[section][key] = value. Takes the value; without one does nothing. */
void host_put(json_t *into, const char *section, const char *key,
	      json_t *value);

/* into[key] = part. Takes the part; drops it when it is empty. */
void host_put_part(json_t *into, const char *key, json_t *part);

void host_put_facts(json_t *into, const struct fact *facts, size_t count);
void host_put_fields(json_t *into, const char *section, const char *path,
		     char separator, const struct field *fields, size_t count);

/*
 * Visits the entries of a directory whose name has that prefix, cpu2 before
 * cpu10. None, when there is no such directory.
 */
void host_each(const char *directory, const char *prefix, json_t *into,
	       void (*visit)(json_t *into, const char *directory,
			     const char *name));

#endif
