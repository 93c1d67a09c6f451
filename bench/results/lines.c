/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "lines.h"

void lines_open(struct lines *lines, FILE *file)
{
	memset(lines, 0, sizeof(*lines));
	lines->file = file;
	lines->room = malloc(2 * ROW_BYTES_MAX);
	if (!lines->room)
		abort();
}

void lines_close(struct lines *lines)
{
	free(lines->room);
}

/* Reads more of the file after the bytes in the buffer. Returns false at the
 * end of the file. */
static bool fill(struct lines *lines)
{
	size_t got;

	if (lines->file_ended)
		return false;
	memmove(lines->room, lines->room + lines->begin,
		lines->end - lines->begin);
	lines->end -= lines->begin;
	lines->begin = 0;
	got = fread(lines->room + lines->end, 1, 2 * ROW_BYTES_MAX - lines->end,
		    lines->file);
	lines->end += got;
	lines->file_ended = got == 0;
	return got > 0;
}

bool lines_at_end(struct lines *lines)
{
	return lines->begin == lines->end && !fill(lines);
}

enum line_kind lines_next(struct lines *lines, char **line, size_t *length)
{
	char *newline = NULL;
	size_t seen = 0;

	do {
		size_t have = lines->end - lines->begin;

		if (have > seen)
			newline = memchr(lines->room + lines->begin + seen,
					 '\n', have - seen);
		seen = have;
	} while (!newline && seen < ROW_BYTES_MAX && fill(lines));
	*line = lines->room + lines->begin;
	*length = newline ? (size_t)(newline - *line) : seen;
	if (*length >= ROW_BYTES_MAX)
		return LINE_TOO_LONG;
	lines->begin += *length + (newline != NULL);
	if (newline)
		return LINE_WHOLE;
	return *length ? LINE_CUT : LINE_NONE;
}
