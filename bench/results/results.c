/* SPDX-License-Identifier: BSD-2-Clause */
#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "results.h"

unsigned long row_checksum(const char *row, size_t length)
{
	return crc32(0, (const unsigned char *)row, (unsigned)length);
}

static size_t format_header(const struct schema *schema,
			    char row[ROW_BYTES_MAX])
{
	size_t length = 0;

	for (size_t i = 0; i < schema->count; i++)
		length += (size_t)snprintf(row + length, ROW_BYTES_MAX - length,
					   "%s%s", i ? "," : "",
					   schema->columns[i].name);
	row[length++] = '\n';
	return length;
}

/* RFC 4180: quotes only where they are needed. */
static size_t format_field(char *to, size_t room, const char *field)
{
	size_t length;

	if (!strpbrk(field, "\",\r\n"))
		return (size_t)snprintf(to, room, "%s", field);
	length = csv_write(to, room, field, strlen(field));
	return length;
}

size_t results_format(const struct record *record, char row[ROW_BYTES_MAX])
{
	size_t last = record->schema->count - 1; /* checksum */
	char field[RECORD_FIELD_MAX];
	size_t length = 0, covered;

	for (size_t i = 0; i < last; i++) {
		record_format(record, (int)i, field);
		/* Room for the worst field, its quotes, and the checksum. */
		if (length + 2 * strlen(field) + 32 > ROW_BYTES_MAX)
			field[0] = '\0';
		length += format_field(row + length, ROW_BYTES_MAX - length,
				       field);
		row[length++] = ',';
	}
	covered = length - 1; /* not the comma before the checksum */
	length += (size_t)snprintf(row + length, ROW_BYTES_MAX - length,
				   "%0*lx\n", CHECKSUM_DIGITS,
				   row_checksum(row, covered));
	return length;
}

static int write_whole(int fd, const char *text, size_t length,
		       const char *what, struct fault *fault)
{
	ssize_t written;

	do
		written = write(fd, text, length);
	while (written < 0 && errno == EINTR);
	if (written == (ssize_t)length)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "%s: cannot write: %s; make room, then go on with "
			 "--resume",
			 what, written < 0 ? strerror(errno) : "disk full");
}

int results_append(int fd, const struct record *record, struct fault *fault)
{
	char row[ROW_BYTES_MAX];
	size_t length = results_format(record, row);

	return write_whole(fd, row, length, record->schema->file, fault);
}

/* A row behind half a row would make both of them unreadable. */
static int check_end(int fd, const char *path, off_t size, struct fault *fault)
{
	char last;

	if (pread(fd, &last, 1, size - 1) == 1 && last == '\n')
		return 0;
	return fault_set(fault, EXIT_DATA,
			 "%s: ends in half a row; go on with --resume, which "
			 "moves it aside",
			 path);
}

/* Whether the file begins with the header that we would write. */
static int check_header(int fd, const char *path, const struct schema *schema,
			struct fault *fault)
{
	char expected[ROW_BYTES_MAX], found[ROW_BYTES_MAX];
	size_t length = format_header(schema, expected);

	if (pread(fd, found, length, 0) == (ssize_t)length &&
	    memcmp(expected, found, length) == 0)
		return 0;
	return fault_set(fault, EXIT_DATA,
			 "%s: has other columns than this version writes; "
			 "start a new folder with --out",
			 path);
}

int results_open(const char *dir, const struct schema *schema,
		 struct fault *fault)
{
	char path[4096], header[ROW_BYTES_MAX];
	struct stat status;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, schema->file);
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || fstat(fd, &status) != 0) {
		fault_set(fault, EXIT_OUTPUT, "%s: %s; choose another --out",
			  path, strerror(errno));
		goto fail;
	}
	if (status.st_size > 0) {
		if (check_header(fd, path, schema, fault) == 0 &&
		    check_end(fd, path, status.st_size, fault) == 0)
			return fd;
		goto fail;
	}
	if (write_whole(fd, header, format_header(schema, header), path,
			fault) == 0)
		return fd;
fail:
	if (fd >= 0)
		close(fd);
	return -1;
}
