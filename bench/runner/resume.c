/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "resume.h"
#include "results.h"

/* The positions of the needed columns in results.csv or threads.csv. */
struct where {
	int session;
	int round;
	int order;
	int flags;
};

/* The last round of the session in results.csv. */
struct last_round {
	int64_t number;
	size_t cells;  /* number of measured cells */
	int64_t order; /* position of the last observation */
};

static struct where find_columns(const struct schema *schema)
{
	struct where where = {
		.session = schema_find(schema, "session_id"),
		.round = schema_find(schema, "round"),
		.order = schema_find(schema, "order_in_round"),
		.flags = schema_find(schema, "flags"),
	};

	return where;
}

static struct last_round find_last_round(const struct rows *rows,
					 const char *session)
{
	struct last_round last = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		const struct record *row = &rows->rows[i];
		int64_t round = record_integer(row, COLUMN_round);
		int64_t order = record_integer(row, COLUMN_order_in_round);

		if (strcmp(record_text(row, COLUMN_session_id), session) != 0 ||
		    record_has_name(row, COLUMN_flags, "superseded"))
			continue;
		if (round > last.number)
			last = (struct last_round){ .number = round };
		if (round != last.number)
			continue;
		last.cells += record_integer(row, COLUMN_attempt) == 1;
		if (order > last.order)
			last.order = order;
	}
	return last;
}

/* Appends the torn end of the file to FILE.torn. */
static int keep_torn(const char *path, const struct rows *rows,
		     struct fault *fault)
{
	char torn_path[PATHS_MAX + 8];
	char *torn = malloc(rows->end.torn_bytes);
	int from = open(path, O_RDONLY | O_CLOEXEC);
	bool kept;
	int to;

	snprintf(torn_path, sizeof(torn_path), "%s.torn", path);
	to = open(torn_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	kept = torn && from >= 0 && to >= 0 &&
	       pread(from, torn, rows->end.torn_bytes,
		     (off_t)rows->end.good_bytes) ==
		       (ssize_t)rows->end.torn_bytes &&
	       write(to, torn, rows->end.torn_bytes) ==
		       (ssize_t)rows->end.torn_bytes;
	free(torn);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	if (kept)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot write the incomplete row to %.900s: %s; free "
			 "some space",
			 torn_path, strerror(errno));
}

/* Writes header and rows to FILE.new, then renames it to FILE. */
static int replace(const char *path, const struct schema *schema,
		   const struct rows *rows, struct fault *fault)
{
	char folder[PATHS_MAX], file[PATHS_MAX];
	int fd, error = 0;

	/* results_open() needs a folder, because it chooses the name of the
	 * file: the new file is made in the folder FILE.new. */
	snprintf(folder, sizeof(folder), "%.4080s.new", path);
	snprintf(file, sizeof(file), "%.4060s/%s", folder, schema->file);
	unlink(file);
	if (paths_make_folder(folder) != 0)
		return fault_set(fault, EXIT_OUTPUT, "%.900s: %s", folder,
				 strerror(errno));
	fd = results_open(folder, schema, fault);
	if (fd < 0)
		return -1;
	for (size_t i = 0; i < rows->count && !error; i++)
		error = results_append(fd, &rows->rows[i], fault);
	if (!error && (fsync(fd) != 0 || rename(file, path) != 0))
		error = fault_set(fault, EXIT_OUTPUT, "%.900s: %s", path,
				  strerror(errno));
	close(fd);
	rmdir(folder);
	return error;
}

/*
 * Whether the row belongs to the incomplete round `cut`, or to an observation
 * that has no row in results.csv because the run was killed after writing the
 * rows of its threads.
 */
static bool is_unfinished(const struct record *row, const struct where *where,
			  const struct last_round *last, int64_t cut)
{
	int64_t round = record_integer(row, where->round);

	return round == cut ||
	       (round == last->number &&
		record_integer(row, where->order) > last->order);
}

static int clean_file(const char *dir, const struct schema *schema,
		      const char *session, const struct last_round *last,
		      int64_t cut, struct fault *fault)
{
	struct where where = find_columns(schema);
	char path[PATHS_MAX];
	struct rows rows;
	bool changed;
	int error = 0;

	snprintf(path, sizeof(path), "%.4000s/%s", dir, schema->file);
	if (rows_read(path, schema, &rows, fault) != 0)
		return -1;
	changed = rows.end.torn_bytes > 0;
	for (size_t i = 0; i < rows.count; i++) {
		struct record *row = &rows.rows[i];

		if (!is_unfinished(row, &where, last, cut) ||
		    strcmp(record_text(row, where.session), session) != 0)
			continue;
		record_add_name(row, where.flags, "superseded");
		changed = true;
	}
	if (rows.end.torn_bytes)
		error = keep_torn(path, &rows, fault);
	if (!error && changed)
		error = replace(path, schema, &rows, fault);
	rows_free(&rows);
	return error;
}

int resume_clean(const char *dir, const char *session_id, size_t cells,
		 int64_t *round, struct fault *fault)
{
	char path[PATHS_MAX];
	struct last_round last;
	struct rows rows;

	/* The run was interrupted before its first row; results_open() will
	 * write the headers. */
	if (results_is_empty(dir, &results_schema) &&
	    results_is_empty(dir, &threads_schema)) {
		*round = 1;
		return 0;
	}
	snprintf(path, sizeof(path), "%.4000s/results.csv", dir);
	if (rows_read(path, &results_schema, &rows, fault) != 0)
		return -1;
	last = find_last_round(&rows, session_id);
	rows_free(&rows);
	*round = last.number;
	if (*round == 0 || last.cells >= cells)
		++*round;
	/* Flags the rows of the incomplete round. There are no rows of later
	 * rounds. */
	if (clean_file(dir, &results_schema, session_id, &last, *round,
		       fault) != 0)
		return -1;
	return clean_file(dir, &threads_schema, session_id, &last, *round,
			  fault);
}
