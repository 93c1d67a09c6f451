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
};

/*
 * Opens dir/schema->file for appending and writes the header if the file is
 * new. An existing file may have been begun by another version: what matters is
 * that it has a column for each factor of the rows that are appended. Returns
 * a descriptor, or -1 with the fault set.
 */
int results_open(const char *dir, const struct schema *schema,
		 struct fault *fault);

/* Whether there is no such file, or no more than (a part of) a header in it. */
bool results_is_empty(const char *dir, const struct schema *schema);

/*
 * Appends one row, in one write, in the order of the file's own header. Returns
 * 0, or -1 with the fault set.
 */
int results_append(int fd, const struct record *record, struct fault *fault);

/* The row in a file with the schema's own header, checksum and newline
 * included. */
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

/* How a file ends. */
struct rows_end {
	size_t count;	   /* complete rows */
	size_t good_bytes; /* up to the end of the last complete row */
	size_t torn_bytes; /* behind them: a row that was cut off */
};

/*
 * Gets a row; its texts last until the return (record_keep_texts). Anything
 * but 0 stops the reading; the fault is then the callback's to set.
 */
typedef int rows_callback(const struct record *row, void *arg);

/*
 * Reads a file, or "-", in constant memory. A last row without newline or with
 * a wrong checksum is torn: the callback does not get it, and torn_bytes says
 * so. Anything else that is wrong is a fault that names line and column. When
 * that comes, the callback has already had the rows before. Returns 0 or -1.
 */
int rows_each(const char *path, const struct schema *schema,
	      rows_callback *callback, void *arg, struct rows_end *end,
	      struct fault *fault);

/* Says on standard error, in a line, that a torn last row was left out; for
 * every command that only reads. Nothing where there is none. */
void rows_say_torn(const char *path, size_t torn_bytes);

/* The same from a file that is open. */
int rows_each_in(FILE *file, const char *name, const struct schema *schema,
		 rows_callback *callback, void *arg, struct rows_end *end,
		 struct fault *fault);

struct rows {
	struct record *rows;
	size_t count;
	size_t good_bytes; /* as in struct rows_end */
	size_t torn_bytes;
};

/* All rows of a file at once. Returns 0 or -1. */
int rows_read(const char *path, const struct schema *schema, struct rows *rows,
	      struct fault *fault);
void rows_free(struct rows *rows);

#endif
