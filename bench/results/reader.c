/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads rows one by one. Checks the length of each line, its checksum, its
 * quotes, the number of its fields, and their values.
 */
#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "results.h"
#include "text.h"

/* A hash of the observation of a row, to find duplicate rows. */
struct row_key {
	uint64_t hash;
	size_t line;
};

/* The state of reading one file. */
struct reading {
	const char *path;
	const struct schema *schema;
	struct fault *fault;
	struct lines lines;
	struct csv_parser parser;
	size_t line;
	size_t field;	      /* current field of the row */
	int *column_of_field; /* column of each field; -1: a column of another
				 version */
	size_t fields;
	char *header; /* the header line with its newline */
	size_t header_length;
	bool absent[RECORD_COLUMNS_MAX]; /* columns that the file lacks */
	struct row_key *keys;		 /* keys of all rows that were read */
	size_t key_count;
	bool in_header;
	struct record record;
	char *texts; /* texts of the current record */
	size_t texts_used;
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

/* Reports an error that concerns the whole line. The text contains the next
 * step. */
static void bad_line(struct reading *reading, const char *why)
{
	if (!reading->failed)
		fault_set(reading->fault, EXIT_DATA, "%s:%zu: %s",
			  reading->path, reading->line, why);
	reading->failed = true;
}

/* In RFC 4180 blanks belong to the field. libcsv would drop blanks at the
 * ends. */
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
			bad(reading, "the column appears twice");
	reading->column_of_field = realloc(reading->column_of_field,
					   (reading->field + 1) * sizeof(int));
	if (!reading->column_of_field)
		abort();
	reading->column_of_field[reading->field] = column;
	reading->fields = reading->field + 1;
}

/* Copies a text into the buffer of the row. The fields of a line together fit,
 * because they are not longer than the line. */
static const char *keep_for_row(struct reading *reading, const char *text,
				size_t length)
{
	char *kept = reading->texts + reading->texts_used;

	memcpy(kept, text, length);
	kept[length] = '\0';
	reading->texts_used += length + 1;
	return kept;
}

static void row_field(struct reading *reading, const char *text, size_t length)
{
	char why[128];
	int column;

	if (reading->field >= reading->fields) {
		bad(reading, "the row has more fields than the header");
		return;
	}
	column = reading->column_of_field[reading->field];
	if (column < 0)
		return;
	if (reading->schema->columns[column].type == TYPE_TEXT)
		text = keep_for_row(reading, text, length);
	if (record_borrow(&reading->record, column, text) != 0) {
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
		bad(reading, "the line contains a NUL byte");
	else if (reading->in_header)
		header_field(reading, text);
	else
		row_field(reading, text, length);
	reading->field++;
}

/* Parses one line, given without its newline. */
static void parse_line(struct reading *reading, const char *line, size_t length)
{
	reading->field = 0;
	reading->texts_used = 0;
	if (csv_parse(&reading->parser, line, length, on_field, NULL,
		      reading) != length ||
	    csv_fini(&reading->parser, on_field, NULL, reading) != 0)
		bad(reading, "not valid CSV: a quote is in the wrong place");
	if (!reading->failed && reading->field != reading->fields)
		bad(reading, "the row has fewer fields than the header");
}

/* Whether the checksum of the row is correct. In old files the checksum does
 * not cover the header. */
static bool checksum_fits(const struct reading *reading, const char *line,
			  size_t length)
{
	const char *comma = memrchr(line, ',', length);
	char expected[CHECKSUM_DIGITS + 1];

	if (!comma || line + length - comma - 1 != CHECKSUM_DIGITS)
		return false;
	for (int with_header = 1; with_header >= 0; with_header--) {
		snprintf(expected, sizeof(expected), "%0*lx", CHECKSUM_DIGITS,
			 row_checksum(reading->header,
				      with_header ? reading->header_length : 0,
				      line, (size_t)(comma - line)));
		if (memcmp(comma + 1, expected, CHECKSUM_DIGITS) == 0)
			return true;
	}
	return false;
}

/* Recognises changes that other programs make when they save a file. */
static bool was_saved_otherwise(struct reading *reading, const char *line,
				size_t length)
{
	if (reading->in_header && length >= 3 &&
	    memcmp(line, "\xef\xbb\xbf", 3) == 0)
		bad_line(reading,
			 "the file begins with a byte order mark, so another "
			 "program has saved it; restore the file");
	else if (length > 0 && line[length - 1] == '\r')
		bad_line(reading, "the line ends in CR LF, so another program "
				  "has saved the file; restore the file, or "
				  "convert it with dos2unix");
	return reading->failed;
}

static void too_long(struct reading *reading)
{
	char why[96];

	snprintf(why, sizeof(why),
		 "the line has more than %d bytes, so the file is not a %s; "
		 "name the folder of a run",
		 ROW_BYTES_MAX, reading->schema->file);
	bad_line(reading, why);
}

/* The columns that identify an observation. status is only in results.csv,
 * thread only in threads.csv. */
static const char *const needed_columns[] = {
	"session_id", "round",	   "scenario", "backend",
	"wait",	      "placement", "status",   "thread",
};

/* Stores which columns are missing. Old files lack the columns that were added
 * later. */
static void check_columns(struct reading *reading)
{
	char why[160];

	for (size_t i = 0; i < reading->schema->count; i++) {
		const char *name = reading->schema->columns[i].name;

		reading->absent[i] = true;
		for (size_t f = 0; f < reading->fields; f++)
			reading->absent[i] &= reading->column_of_field[f] !=
					      (int)i;
		for (size_t n = 0;
		     reading->absent[i] &&
		     n < sizeof(needed_columns) / sizeof(*needed_columns);
		     n++)
			if (strcmp(name, needed_columns[n]) == 0) {
				snprintf(
					why, sizeof(why),
					"the column %s is missing, so the file "
					"is not a %s; name the folder of a run",
					name, reading->schema->file);
				bad_line(reading, why);
			}
	}
}

/* Sets factors and the attempt if the file is older than their columns. */
static void fill_absent(struct reading *reading)
{
	const struct schema *schema = reading->schema;
	int attempt = schema_find(schema, "attempt");

	if (attempt >= 0 && !record_has(&reading->record, attempt))
		record_set_integer(&reading->record, attempt, 1);
	for (size_t i = 0; schema->fill_absent && i < schema->count; i++)
		if (reading->absent[i] &&
		    schema->columns[i].role == ROLE_FACTOR)
			schema->fill_absent(&reading->record, (int)i);
}

static void keep_header(struct reading *reading, const char *line,
			size_t length)
{
	const char *comma = memrchr(line, ',', length);

	if (!comma ||
	    length - (size_t)(comma + 1 - line) != strlen("checksum") ||
	    memcmp(comma + 1, "checksum", strlen("checksum")) != 0)
		bad_line(reading, "the last column of the header is not "
				  "checksum; restore the file");
	reading->header = malloc(length + 1);
	if (!reading->header)
		abort();
	memcpy(reading->header, line, length);
	reading->header[length] = '\n';
	reading->header_length = length + 1;
}

/* Counts the columns of a newer version, whose values are not read. The last
 * column is the checksum. */
static void note_unknown(const struct reading *reading, const char *header,
			 struct rows_end *end)
{
	for (size_t f = 0; f + 1 < reading->fields && !reading->failed; f++) {
		size_t length = strcspn(header, ",\n");

		if (reading->column_of_field[f] < 0 && end->unknown++ == 0)
			snprintf(end->first_unknown, UNKNOWN_NAME_MAX, "%.*s",
				 (int)length, header);
		header += length + 1;
	}
	text_clean(end->first_unknown);
}

static void read_header(struct reading *reading, struct rows_end *end)
{
	size_t length;
	char *line;
	enum line_kind kind = lines_next(&reading->lines, &line, &length);

	reading->line = 1;
	reading->in_header = true;
	if (kind == LINE_TOO_LONG)
		too_long(reading);
	else if (kind != LINE_WHOLE)
		bad_line(reading, "the header is missing, so the file is not a "
				  "results file; name the folder of a run");
	else if (!was_saved_otherwise(reading, line, length))
		parse_line(reading, line, length);
	if (!reading->failed)
		check_columns(reading);
	if (!reading->failed)
		keep_header(reading, line, length);
	reading->in_header = false;
	end->good_bytes = length + 1;
	note_unknown(reading, line, end);
}

/* Superseded rows stay in the file beside the rows that replaced them, so they
 * are not duplicates. */
static void add_key(struct reading *reading)
{
	const struct record *row = &reading->record;
	size_t count = reading->key_count;
	int flags = schema_find(row->schema, "flags");

	if (record_has_name(row, flags, "superseded"))
		return;
	if ((count & (count - 1)) == 0) {
		reading->keys = realloc(reading->keys,
					(count ? 2 * count : 1) *
						sizeof(*reading->keys));
		if (!reading->keys)
			abort();
	}
	reading->keys[count].hash = record_hash_observation(row);
	reading->keys[count].line = reading->line;
	reading->key_count++;
}

static int compare_keys(const void *a, const void *b)
{
	const struct row_key *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash > right->hash ? 1 : -1;
	return (left->line > right->line) - (left->line < right->line);
}

/* A duplicate row would count twice, so it is an error. */
static void check_keys(struct reading *reading)
{
	const struct row_key *keys = reading->keys, *first = NULL;
	char why[160];

	if (reading->key_count)
		qsort(reading->keys, reading->key_count, sizeof(*reading->keys),
		      compare_keys);
	for (size_t i = 1; i < reading->key_count; i++)
		if (keys[i].hash == keys[i - 1].hash &&
		    (!first || keys[i].line < first->line))
			first = &keys[i];
	if (!first)
		return;
	snprintf(why, sizeof(why),
		 "the row repeats the observation of line %zu (equal session, "
		 "round, attempt and cell); delete one of the two rows",
		 first[-1].line);
	reading->line = first->line;
	bad_line(reading, why);
}

/* Reads one row. Returns false at the end of the file or after an error. */
static bool read_row(struct reading *reading, rows_callback *callback,
		     void *arg, struct rows_end *end)
{
	size_t length;
	char *line;
	enum line_kind kind = lines_next(&reading->lines, &line, &length);

	reading->line++;
	if (kind == LINE_TOO_LONG)
		too_long(reading);
	if (reading->failed || kind == LINE_NONE)
		return false;
	if (kind == LINE_WHOLE && checksum_fits(reading, line, length)) {
		record_init(&reading->record, reading->schema);
		parse_line(reading, line, length);
		if (reading->failed)
			return false;
		fill_absent(reading);
		add_key(reading);
		end->count++;
		end->good_bytes += length + 1;
		if (callback(&reading->record, arg) == 0)
			return true;
		reading->failed = true;
		return false;
	}
	if (kind == LINE_WHOLE && was_saved_otherwise(reading, line, length))
		return false;
	if (kind == LINE_CUT || lines_at_end(&reading->lines)) {
		end->torn_bytes = length + (kind == LINE_WHOLE);
		return false;
	}
	reading->field = reading->fields - 1;
	bad(reading, "wrong checksum, so the row was changed or damaged");
	return false;
}

int rows_each_in(FILE *file, const char *name, const struct schema *schema,
		 rows_callback *callback, void *arg, struct rows_end *end,
		 struct fault *fault)
{
	struct reading reading = { .path = name,
				   .schema = schema,
				   .fault = fault };

	memset(end, 0, sizeof(*end));
	lines_open(&reading.lines, file);
	reading.texts = malloc(
		2 * ROW_BYTES_MAX); /* texts of one line, and their NUL bytes */
	if (!reading.texts)
		abort();
	csv_init(&reading.parser,
		 CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
	csv_set_space_func(&reading.parser, no_space);
	read_header(&reading, end);
	while (!reading.failed && read_row(&reading, callback, arg, end))
		;
	if (!reading.failed)
		check_keys(&reading);
	free(reading.keys);
	free(reading.header);
	csv_free(&reading.parser);
	free(reading.column_of_field);
	free(reading.texts);
	lines_close(&reading.lines);
	return reading.failed ? -1 : 0;
}

int rows_each(const char *path, const struct schema *schema,
	      rows_callback *callback, void *arg, struct rows_end *end,
	      struct fault *fault)
{
	bool standard_input = strcmp(path, "-") == 0;
	FILE *file = standard_input ? stdin : fopen(path, "re");
	int error;

	memset(end, 0, sizeof(*end));
	if (!file)
		return fault_set(fault, EXIT_DATA,
				 "%s: %s; name a run's folder or its "
				 "results.csv",
				 path, strerror(errno));
	error = rows_each_in(file, path, schema, callback, arg, end, fault);
	if (!standard_input)
		fclose(file);
	return error;
}

void rows_say_unknown(const char *path, const struct rows_end *end)
{
	if (end->unknown)
		fprintf(stderr,
			"ringbench: %s: this version of ringbench does not "
			"know %zu column%s, such as %s, and ignores %s; use "
			"the version that measured the run\n",
			path, end->unknown, end->unknown == 1 ? "" : "s",
			end->first_unknown, end->unknown == 1 ? "it" : "them");
}

void rows_say_skipped(const char *path, const struct rows_end *end)
{
	rows_say_unknown(path, end);
	if (end->torn_bytes)
		fprintf(stderr,
			"ringbench: %s: the last row is incomplete and was "
			"skipped; `ringbench run --resume` measures this row "
			"again\n",
			path);
}

static int add_row(const struct record *row, void *arg)
{
	struct rows *rows = arg;

	rows->rows = array_grow(rows->rows, rows->count, sizeof(*rows->rows));
	rows->rows[rows->count] = *row;
	record_keep_texts(&rows->rows[rows->count++]);
	return 0;
}

int rows_read(const char *path, const struct schema *schema, struct rows *rows,
	      struct fault *fault)
{
	int error;

	memset(rows, 0, sizeof(*rows));
	error = rows_each(path, schema, add_row, rows, &rows->end, fault);
	if (error)
		rows_free(rows);
	return error;
}

void rows_free(struct rows *rows)
{
	free(rows->rows);
	memset(rows, 0, sizeof(*rows));
}
