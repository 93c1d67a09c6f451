/* SPDX-License-Identifier: BSD-2-Clause */
#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "results.h"

/* The name of the last column of every file. */
static const char checksum_name[] = "checksum";

/* The columns of one file, in the order of the file. */
struct layout {
	const char *header; /* with its newline */
	size_t header_length;
	int columns[2 * RECORD_COLUMNS_MAX]; /* -1: this version does not know
						the column */
	size_t count;			     /* without the checksum */
};

unsigned long row_checksum(const char *header, size_t header_length,
			   const char *row, size_t length)
{
	unsigned long crc = crc32(0, NULL, 0);

	crc = crc32(crc, (const unsigned char *)header,
		    (unsigned)header_length);
	return crc32(crc, (const unsigned char *)row, (unsigned)length);
}

size_t results_header(const struct schema *schema, char row[ROW_BYTES_MAX])
{
	size_t length = 0;

	for (size_t i = 0; i < schema->count; i++)
		if (!schema->columns[i].is_derived)
			length += (size_t)snprintf(
				row + length, ROW_BYTES_MAX - length, "%s,",
				schema->columns[i].name);
	return length + (size_t)snprintf(row + length, ROW_BYTES_MAX - length,
					 "%s\n", checksum_name);
}

/* Reads the columns from a header line. Returns 0, or -1 if the line is not a
 * header of this program. */
static int read_layout(struct layout *layout, const char *header, size_t length,
		       const struct schema *schema)
{
	char name[64];
	int at = -1;

	layout->header = header;
	layout->header_length = length;
	layout->count = 0;
	while (*header && *header != '\n') {
		size_t part = strcspn(header, ",\n");

		if (header[part] == '\n')
			return part == strlen(checksum_name) &&
					       strncmp(header, checksum_name,
						       part) == 0
				       ? 0
				       : -1;
		if (layout->count == 2 * RECORD_COLUMNS_MAX)
			return -1;
		snprintf(name, sizeof(name), "%.*s", (int)part, header);
		/* Most headers have the order of the schema. */
		at++;
		if ((size_t)at == schema->count ||
		    schema->columns[at].is_derived ||
		    strcmp(schema->columns[at].name, name) != 0)
			at = schema_find(schema, name);
		layout->columns[layout->count++] = at;
		header += part + (header[part] == ',');
	}
	return -1;
}

/* The name of a factor of the record that has no column in the file; NULL:
 * there is none. */
static const char *missing_factor(const struct layout *layout,
				  const struct record *record)
{
	for (size_t c = 0; c < record->schema->count; c++) {
		const struct column *column = &record->schema->columns[c];
		bool found = !record_has(record, (int)c) ||
			     column->role != ROLE_FACTOR || column->is_derived;

		for (size_t i = 0; i < layout->count && !found; i++)
			found = layout->columns[i] == (int)c;
		if (!found)
			return column->name;
	}
	return NULL;
}

/* Writes quotes only if RFC 4180 needs them. */
static size_t format_field(char *to, size_t room, const char *field)
{
	if (!strpbrk(field, "\",\r\n"))
		return (size_t)snprintf(to, room, "%s", field);
	return csv_write(to, room, field, strlen(field));
}

static size_t format_row(const struct record *record,
			 const struct layout *layout, char row[ROW_BYTES_MAX])
{
	size_t length = 0, covered;

	for (size_t i = 0; i < layout->count; i++) {
		char field[RECORD_FIELD_MAX] = "";

		if (layout->columns[i] >= 0)
			record_format(record, layout->columns[i], field);
		/* The longest form of the field, with quotes, and the checksum
		 * must fit. */
		if (length + 2 * strlen(field) + 32 > ROW_BYTES_MAX)
			field[0] = '\0';
		length += format_field(row + length, ROW_BYTES_MAX - length,
				       field);
		row[length++] = ',';
	}
	covered = length - 1; /* the checksum does not cover its comma */
	return length + (size_t)snprintf(row + length, ROW_BYTES_MAX - length,
					 "%0*lx\n", CHECKSUM_DIGITS,
					 row_checksum(layout->header,
						      layout->header_length,
						      row, covered));
}

size_t results_format(const struct record *record, char row[ROW_BYTES_MAX])
{
	static char header[ROW_BYTES_MAX];
	struct layout layout;
	size_t length = results_header(record->schema, header);

	read_layout(&layout, header, length, record->schema);
	return format_row(record, &layout, row);
}

/* Writes the text without its first `done` bytes, if possible in one write. */
static int write_whole(int fd, const char *text, size_t length, off_t done,
		       const char *what, struct fault *fault)
{
	ssize_t written;

	text += done;
	length -= (size_t)done;
	do
		written = write(fd, text, length);
	while (written < 0 && errno == EINTR);
	if (written == (ssize_t)length)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "%s: cannot write: %s; free some space", what,
			 written < 0 ? strerror(errno) : "disk full");
}

/* Reads the header of an open file, including the newline. Returns its length;
 * 0: no header. */
static size_t pread_header(int fd, char header[ROW_BYTES_MAX])
{
	ssize_t length = pread(fd, header, ROW_BYTES_MAX - 1, 0);
	char *end;

	if (length <= 0)
		return 0;
	header[length] = '\0';
	end = strchr(header, '\n');
	return end ? (size_t)(end - header) + 1 : 0;
}

int results_append(int fd, const struct record *record, struct fault *fault)
{
	/* Static, because a small stack cannot hold the arrays. */
	static char header[ROW_BYTES_MAX], row[ROW_BYTES_MAX];
	const char *file = record->schema->file, *missing;
	size_t length = pread_header(fd, header);
	struct layout layout;

	if (!length) /* the file cannot be read, so it is not a regular file */
		length = results_header(record->schema, header);
	if (read_layout(&layout, header, length, record->schema))
		return fault_set(
			fault, EXIT_DATA,
			"%s: cannot append rows: another program changed the "
			"header; use a new folder with --out",
			file);
	missing = missing_factor(&layout, record);
	if (missing)
		return fault_set(fault, EXIT_DATA,
				 "%s: cannot append rows: the file has no "
				 "column %s, because another version created "
				 "it; use a new folder with --out",
				 file, missing);
	length = format_row(record, &layout, row);
	return write_whole(fd, row, length, 0, file, fault);
}

/* A row after an incomplete row would make both rows unreadable. */
static int check_end(int fd, const char *path, struct fault *fault)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char last;

	if (pread(fd, &last, 1, size - 1) == 1 && last == '\n')
		return 0;
	return fault_set(
		fault, EXIT_DATA,
		"%s: cannot append rows: the last row is incomplete; continue "
		"with --resume, which moves the incomplete row to another file",
		path);
}

/* Checks that the file begins with the header of the schema. */
static int check_header(int fd, const char *path, const struct schema *schema,
			struct fault *fault)
{
	static char header[ROW_BYTES_MAX];
	size_t length = pread_header(fd, header);
	struct layout layout;

	if (length && read_layout(&layout, header, length, schema) == 0 &&
	    layout.count > 0 && layout.columns[0] == 0)
		return 0;
	return fault_set(
		fault, EXIT_DATA,
		"%s: cannot append rows: the file does not begin with the "
		"header of a results file; use a new folder with --out",
		path);
}

/* Whether the file contains only the beginning of a header, because the disk
 * was full or the program was killed. */
static bool is_cut_header(int fd, const struct schema *schema, off_t size)
{
	static char expected[ROW_BYTES_MAX], found[ROW_BYTES_MAX];

	return size < (off_t)results_header(schema, expected) &&
	       pread(fd, found, (size_t)size, 0) == size &&
	       memcmp(expected, found, (size_t)size) == 0;
}

/* Opens the file, and writes the header if the file is new. */
static int open_begun(const char *path, const struct schema *schema,
		      struct fault *fault)
{
	static char header[ROW_BYTES_MAX];
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	struct stat status;
	int error = 0;

	if (fd < 0 || fstat(fd, &status) != 0)
		error = fault_set(fault, EXIT_OUTPUT,
				  "%s: %s; choose another --out", path,
				  strerror(errno));
	else if (!S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode))
		error = fault_set(fault, EXIT_OUTPUT,
				  "%s: cannot append rows: it is not a regular "
				  "file; choose another folder with --out",
				  path);
	else if (status.st_size == 0 ||
		 is_cut_header(fd, schema, status.st_size))
		error = write_whole(fd, header, results_header(schema, header),
				    status.st_size, path, fault);
	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

bool results_is_empty(const char *dir, const struct schema *schema)
{
	static char header[ROW_BYTES_MAX];
	char path[4096];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", dir, schema->file);
	if (stat(path, &status) != 0)
		return errno == ENOENT;
	return S_ISREG(status.st_mode) &&
	       status.st_size <= (off_t)results_header(schema, header);
}

int results_open(const char *dir, const struct schema *schema,
		 struct fault *fault)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, schema->file);
	fd = open_begun(path, schema, fault);
	if (fd < 0 || (check_header(fd, path, schema, fault) == 0 &&
		       check_end(fd, path, fault) == 0))
		return fd;
	close(fd);
	return -1;
}
