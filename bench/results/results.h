/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of results.csv and threads.csv: written one by one, read whole. */
#ifndef RESULTS_H
#define RESULTS_H

#include <stddef.h>

#include "fault.h"
#include "record.h"

enum {
	ROW_BYTES_MAX = 1 << 17, /* longest line of a file, newline included */
};

/*
 * Opens dir/schema->file for appending and writes the header if the file is
 * new. An existing file must have the same header. Returns a descriptor, or
 * -1 with the fault set.
 */
int results_open(const char *dir, const struct schema *schema,
		 struct fault *fault);

/* Appends one row, in one write. Returns 0, or -1 with the fault set. */
int results_append(int fd, const struct record *record, struct fault *fault);

/* The row as it stands in a file, checksum and newline included. */
size_t results_format(const struct record *record, char row[ROW_BYTES_MAX]);

struct rows {
	struct record *rows;
	size_t count;
	size_t good_bytes; /* up to the end of the last complete row */
	size_t torn_bytes; /* behind them: a row that was cut off */
};

/*
 * Reads a file, or "-". A last row without newline or with a wrong checksum
 * is torn: it is not among the rows, and torn_bytes says so. Anything else
 * that is wrong is a fault that names line and column. Returns 0 or -1.
 */
int rows_read(const char *path, const struct schema *schema, struct rows *rows,
	      struct fault *fault);
void rows_free(struct rows *rows);

#endif
