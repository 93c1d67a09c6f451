/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts from /proc and /sys. Each of these files may be missing on some
 * machines. */
#ifndef HOST_FILES_H
#define HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#define HOST_COUNT(array) (sizeof(array) / sizeof(*(array)))

enum {
	HOST_TEXT_MAX = 4096, /* a sysfs file has at most one page */
	HOST_PATH_MAX = 1024,
};

enum fact_kind {
	FACT_TEXT,
	FACT_NUMBER,
	FACT_CHOICE, /* the bracketed word of "always [madvise] never" */
};

/* A fact that is the whole content of a file. */
struct fact {
	const char *section;
	const char *key;
	const char *path;
	enum fact_kind kind;
};

/* A fact that is the value of one line of a file. */
struct field {
	const char *key;
	const char *name; /* name of the line in the file */
	enum fact_kind kind;
};

/* Writes host_root followed by the path. */
void host_path(char full[HOST_PATH_MAX], const char *path);

/* Opens the file below host_root; NULL: it cannot be read. The caller closes
 * it. */
FILE *host_open(const char *path);

/*
 * Reads the first size - 1 bytes of the file as text, without blanks at the
 * end. Returns false and an empty text if the file cannot be read or is empty.
 */
bool host_read(char *text, size_t size, const char *path, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The time for which a thread was ready but not running, from its schedstat
 * file; -1: unknown. The first number of the file, the time on a CPU, is not
 * used, because the kernel updates it only at timer ticks.
 */
int host_open_schedstat(void);
int64_t host_runqueue_ns(int schedstat);

/* The value of the first line "name SEPARATOR value"; blanks are skipped. */
bool host_field(char *value, size_t size, const char *path, const char *name,
		char separator);

/* Converts the text to a JSON value of this kind. Returns a new reference;
 * NULL: the text does not fit the kind. */
json_t *host_value(const char *text, enum fact_kind kind);

/* into[section][key] = value. Takes the reference to the value. Does nothing if
 * the value is NULL. */
void host_put(json_t *into, const char *section, const char *key,
	      json_t *value);

/* into[key] = part. Takes the reference to the part. Omits an empty part. */
void host_put_part(json_t *into, const char *key, json_t *part);

void host_put_facts(json_t *into, const struct fact *facts, size_t count);
void host_put_fields(json_t *into, const char *section, const char *path,
		     char separator, const struct field *fields, size_t count);

/*
 * Calls the callback for each entry of a directory whose name has this prefix,
 * cpu2 before cpu10. Does nothing if the directory does not exist.
 */
void host_each(const char *directory, const char *prefix, json_t *into,
	       void (*visit)(json_t *into, const char *directory,
			     const char *name));

#endif
