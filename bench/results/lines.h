/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads lines of a file. A line that is longer than the longest row is an
 * error. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stdio.h>

enum {
	ROW_BYTES_MAX =
		1 << 17, /* longest line of a file, including the newline */
};

struct lines {
	FILE *file;
	char *room; /* a buffer of 2 * ROW_BYTES_MAX bytes */
	size_t begin, end;
	bool file_ended;
};

enum line_kind {
	LINE_NONE, /* the file has ended, or cannot be read */
	LINE_WHOLE,
	LINE_CUT,      /* the file ends before its newline */
	LINE_TOO_LONG, /* more than ROW_BYTES_MAX */
};

void lines_open(struct lines *lines, FILE *file);
void lines_close(struct lines *lines); /* does not close the file */

/* The next line, without its newline; valid until the next call. */
enum line_kind lines_next(struct lines *lines, char **line, size_t *length);

/* Whether the file has no more lines. */
bool lines_at_end(struct lines *lines);

#endif
