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

enum {
	CHECKSUM_DIGITS = 8,
};

static unsigned long row_checksum(const char *row, size_t length)
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

/* What the reader of one file knows. */
struct reading {
	const char *path;
	const struct schema *schema;
	struct fault *fault;
	struct csv_parser parser;
	size_t line;
	size_t field;	      /* of the row being parsed */
	int *column_of_field; /* -1: a column of another version */
	size_t fields;
	struct record *record; /* NULL while the header is read */
	bool failed;
};

static void bad(struct reading *reading, const char *why)
{
	if (!reading->failed)
		fault_set(reading->fault, EXIT_DATA,
			  "%s:%zu: field %zu: %s; restore the file, or delete "
			  "this row",
			  reading->path, reading->line, reading->field + 1,
			  why);
	reading->failed = true;
}

/* RFC 4180: blanks belong to the field; libcsv would drop outer ones. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void header_field(struct reading *reading, const char *name)
{
	int column = schema_find(reading->schema, name);

	for (size_t i = 0; column >= 0 && i < reading->field; i++)
		if (reading->column_of_field[i] == column)
			bad(reading, "a column that stands twice");
	reading->column_of_field = realloc(reading->column_of_field,
					   (reading->field + 1) * sizeof(int));
	if (!reading->column_of_field)
		abort();
	reading->column_of_field[reading->field] = column;
	reading->fields = reading->field + 1;
}

static void row_field(struct reading *reading, const char *text)
{
	char why[128];
	int column;

	if (reading->field >= reading->fields) {
		bad(reading, "more fields than the header has");
		return;
	}
	column = reading->column_of_field[reading->field];
	if (column < 0 || !reading->record)
		return;
	if (record_parse(reading->record, column, text) != 0) {
		snprintf(why, sizeof(why), "%s cannot be \"%.40s\"",
			 reading->schema->columns[column].name, text);
		bad(reading, why);
	}
}

static void on_field(void *data, size_t length, void *arg)
{
	struct reading *reading = arg;
	const char *text = data ? data : "";

	if (reading->failed)
		return;
	if (memchr(text, '\0', length))
		bad(reading, "a NUL byte");
	else if (reading->record)
		row_field(reading, text);
	else
		header_field(reading, text);
	reading->field++;
}

/* Parses one line without its newline. */
static void parse_line(struct reading *reading, const char *line, size_t length)
{
	reading->field = 0;
	if (csv_parse(&reading->parser, line, length, on_field, NULL,
		      reading) != length ||
	    csv_fini(&reading->parser, on_field, NULL, reading) != 0)
		bad(reading, "not CSV: a quote is out of place");
	if (!reading->failed && reading->field != reading->fields)
		bad(reading, "fewer fields than the header has");
}

static bool checksum_fits(const char *line, size_t length)
{
	const char *comma = memrchr(line, ',', length);
	char expected[CHECKSUM_DIGITS + 1];

	if (!comma || line + length - comma - 1 != CHECKSUM_DIGITS)
		return false;
	snprintf(expected, sizeof(expected), "%0*lx", CHECKSUM_DIGITS,
		 row_checksum(line, (size_t)(comma - line)));
	return memcmp(comma + 1, expected, CHECKSUM_DIGITS) == 0;
}

static int read_header(struct reading *reading, FILE *file, char **line,
		       size_t *room, size_t *bytes)
{
	ssize_t length = getline(line, room, file);

	reading->line = 1;
	if (length <= 0 || (*line)[length - 1] != '\n') {
		bad(reading, "no header; this is not a results file");
		return -1;
	}
	parse_line(reading, *line, (size_t)length - 1);
	*bytes = (size_t)length;
	for (size_t i = 0; i < reading->schema->count; i++) {
		bool found = false;

		for (size_t f = 0; f < reading->fields; f++)
			found |= reading->column_of_field[f] == (int)i;
		if (!found && !reading->failed) {
			fault_set(reading->fault, EXIT_DATA,
				  "%s:1: no column %s; this is not a %s of "
				  "this version",
				  reading->path,
				  reading->schema->columns[i].name,
				  reading->schema->file);
			reading->failed = true;
		}
	}
	return reading->failed ? -1 : 0;
}

static struct record *add_record(struct rows *rows, const struct schema *schema)
{
	if ((rows->count & (rows->count - 1)) == 0) {
		size_t room = rows->count ? 2 * rows->count : 1;

		rows->rows = realloc(rows->rows, room * sizeof(*rows->rows));
		if (!rows->rows)
			abort();
	}
	record_init(&rows->rows[rows->count], schema);
	return &rows->rows[rows->count++];
}

/* Whether anything but the end of the file follows. */
static bool at_end(FILE *file)
{
	int c = getc(file);

	if (c != EOF)
		ungetc(c, file);
	return c == EOF;
}

static void read_rows(struct reading *reading, FILE *file, struct rows *rows)
{
	size_t room = 0;
	char *line = NULL;
	ssize_t length;

	if (read_header(reading, file, &line, &room, &rows->good_bytes) != 0)
		goto out;
	while (!reading->failed && (length = getline(&line, &room, file)) > 0) {
		bool whole = line[length - 1] == '\n';

		reading->line++;
		if (whole && checksum_fits(line, (size_t)length - 1)) {
			reading->record = add_record(rows, reading->schema);
			parse_line(reading, line, (size_t)length - 1);
			rows->good_bytes += (size_t)length;
		} else if (at_end(file)) {
			rows->torn_bytes = (size_t)length;
		} else {
			reading->field = reading->fields - 1;
			bad(reading, "wrong checksum: the row was changed or "
				     "damaged");
		}
	}
out:
	free(line);
}

int rows_read(const char *path, const struct schema *schema, struct rows *rows,
	      struct fault *fault)
{
	struct reading reading = { .path = path,
				   .schema = schema,
				   .fault = fault };
	bool standard_input = strcmp(path, "-") == 0;
	FILE *file = standard_input ? stdin : fopen(path, "re");

	memset(rows, 0, sizeof(*rows));
	if (!file)
		return fault_set(fault, EXIT_DATA,
				 "%s: %s; name a run's folder or its "
				 "results.csv",
				 path, strerror(errno));
	csv_init(&reading.parser,
		 CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
	csv_set_space_func(&reading.parser, no_space);
	read_rows(&reading, file, rows);
	csv_free(&reading.parser);
	free(reading.column_of_field);
	if (!standard_input)
		fclose(file);
	if (reading.failed)
		rows_free(rows);
	return reading.failed ? -1 : 0;
}

void rows_free(struct rows *rows)
{
	free(rows->rows);
	memset(rows, 0, sizeof(*rows));
}
