/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of results.csv and threads.csv: written and read one by one. */
#ifndef RESULTS_H
#define RESULTS_H

#include <stddef.h>

#include "fault.h"
#include "lines.h"
#include "record.h"

enum {
	CHECKSUM_DIGITS = 8,
	UNKNOWN_NAME_MAX = 64,
};

/*
 * Opens dir/schema->file for appending and writes the header if the file is
 * new. Another version may have created the file. The file must have a column
 * for each factor of the appended rows. Returns a descriptor, or -1 with the
 * fault set.
 */
int results_open(const char *dir, const struct schema *schema,
		 struct fault *fault);

/* Whether the file does not exist, or contains at most a header. */
bool results_is_empty(const char *dir, const struct schema *schema);

/*
 * Appends one row, in one write, in the order of the file's own header. Returns
 * 0, or -1 with the fault set.
 */
int results_append(int fd, const struct record *record, struct fault *fault);

/* Formats a row for a file with the schema's own header, including checksum and
 * newline. */
size_t results_format(const struct record *record, char row[ROW_BYTES_MAX]);

/* The schema's own header with its newline. */
size_t results_header(const struct schema *schema, char row[ROW_BYTES_MAX]);

/*
 * The checksum of a row: crc32 of the header line and its newline (together:
 * of the first `header_length` bytes), then of the row before its checksum's
 * comma. Rows of old files were written with a header_length of 0: there, the
 * names of the columns are not covered.
 */
unsigned long row_checksum(const char *header, size_t header_length,
			   const char *row, size_t length);

/* The end of a file. */
struct rows_end {
	size_t count;	   /* complete rows */
	size_t good_bytes; /* bytes up to the end of the last complete row */
	size_t torn_bytes; /* bytes after them: an incomplete row */
	size_t unknown;	   /* columns that this version does not know */
	char first_unknown[UNKNOWN_NAME_MAX];
};

/*
 * Called for each row. The texts of the row are valid until the callback
 * returns (record_keep_texts() keeps them). A return value other than 0 stops
 * reading; then the callback must set the fault.
 */
typedef int rows_callback(const struct record *row, void *arg);

/*
 * Reads a file, or "-", in constant memory. A last row without newline or with
 * a wrong checksum is torn: the callback is not called for it, and torn_bytes
 * is its length. Every other error is a fault with line and column. The
 * callback has already been called for the rows before the error. Returns 0 or
 * -1.
 */
int rows_each(const char *path, const struct schema *schema,
	      rows_callback *callback, void *arg, struct rows_end *end,
	      struct fault *fault);

/* Prints one line to standard error if columns are unknown. */
void rows_say_unknown(const char *path, const struct rows_end *end);

/* The same, and a line if a torn last row was skipped. For commands that only
 * read. */
void rows_say_skipped(const char *path, const struct rows_end *end);

/* Like rows_each(), from an open file. */
int rows_each_in(FILE *file, const char *name, const struct schema *schema,
		 rows_callback *callback, void *arg, struct rows_end *end,
		 struct fault *fault);

struct rows {
	struct record *rows;
	size_t count;
	struct rows_end end;
};

/* Reads all rows of a file into memory. Returns 0, or -1 with the fault set. */
int rows_read(const char *path, const struct schema *schema, struct rows *rows,
	      struct fault *fault);
void rows_free(struct rows *rows);

#endif
