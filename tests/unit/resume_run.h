/* SPDX-License-Identifier: BSD-2-Clause */
/* A run of three cells in its own folder, for tests. */
#ifndef RESUME_RUN_H
#define RESUME_RUN_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "results.h"
#include "resume.h"

enum {
	FILE_MAX = 1 << 17,
	CELLS = 3, /* cells of the plan */
};

static char dir[32];
static char results_csv[64], threads_csv[64];
static struct fault fault;
static int results, threads;
static int64_t attempt = 1, order; /* attempt and position of the next rows */

static inline int make_dir(void **state)
{
	(void)state;
	attempt = 1;
	order = 0;
	strcpy(dir, "/tmp/resume_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(results_csv, sizeof(results_csv), "%s/results.csv", dir);
	snprintf(threads_csv, sizeof(threads_csv), "%s/threads.csv", dir);
	results = results_open(dir, &results_schema, &fault);
	threads = results_open(dir, &threads_schema, &fault);
	assert_true(results >= 0 && threads >= 0);
	return 0;
}

static inline int remove_dir(void **state)
{
	char command[64];

	(void)state;
	close(results);
	close(threads);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static inline void add_row(int fd, const struct schema *schema,
			   const char *session, int64_t round, int64_t messages,
			   int thread)
{
	struct record record;
	char text[32];

	record_init(&record, schema);
	record_set_text(&record, schema_find(schema, "session_id"), session);
	record_set_integer(&record, schema_find(schema, "round"), round);
	record_set_integer(&record, schema_find(schema, "attempt"), attempt);
	record_set_integer(&record, schema_find(schema, "order_in_round"),
			   order);
	/* Each row is of another cell; the text needs quotes. */
	snprintf(text, sizeof(text), "a,\"b\"%" PRId64, messages);
	record_set_text(&record, schema_find(schema, "backend"), text);
	if (schema == &threads_schema) {
		snprintf(text, sizeof(text), "thread-%d", thread);
		record_set_text(&record, THREAD_thread, text);
	}
	record_set_integer(&record, schema_find(schema, "messages"), messages);
	if (schema == &results_schema) {
		record_set_text(&record, COLUMN_flags, "stolen");
		record_set_real(&record, COLUMN_idle_share, 1.0 / 3);
	}
	assert_int_equal(results_append(fd, &record, &fault), 0);
}

/* Writes one observation: a row for the result and a row for each of two
 * threads. */
static inline void observe(const char *session, int64_t round)
{
	static int64_t messages;

	add_row(results, &results_schema, session, round, ++messages, 0);
	for (int i = 0; i < 2; i++)
		add_row(threads, &threads_schema, session, round, messages, i);
}

static inline void rounds(const char *session, int first, int last)
{
	for (int round = first; round <= last; round++)
		for (int i = 0; i < CELLS; i++)
			observe(session, round);
}

static inline char *get(const char *path)
{
	char *text = calloc(1, FILE_MAX);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, FILE_MAX, file) < FILE_MAX);
	fclose(file);
	return text;
}

static inline void tear(const char *path, long bytes)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(truncate(path, status.st_size - bytes), 0);
}

static inline int64_t clean(const char *session)
{
	int64_t round = -1;

	if (resume_clean(dir, session, CELLS, &round, &fault) != 0)
		fail_msg("%s", fault.text);
	return round;
}

static inline void assert_no_file(const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_not_equal(access(path, F_OK), 0);
}

/*
 * Compares the file with its earlier text, line by line. The only allowed
 * change is the flag superseded, in exactly this number of lines.
 */
static inline void assert_superseded(const char *path, const char *before,
				     int count)
{
	char *after = get(path);
	const char *a = after, *b = before;
	int flagged = 0;

	while (*a || *b) {
		size_t of_a = strcspn(a, "\n") + 1, of_b = strcspn(b, "\n") + 1;

		if (of_a != of_b || memcmp(a, b, of_a) != 0) {
			assert_non_null(memmem(a, of_a, "superseded", 10));
			assert_null(memmem(b, of_b, "superseded", 10));
			flagged++;
		}
		a += of_a;
		b += of_b;
	}
	assert_int_equal(flagged, count);
	free(after);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)

#endif
