/* SPDX-License-Identifier: BSD-2-Clause */
/* A results.csv of three rows in its own folder, for tests. */
#ifndef RESULTS_SAMPLE_H
#define RESULTS_SAMPLE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "results.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
	FILE_MAX = 1 << 16,
	ROWS = 3, /* rows of the sample */
};

static char dir[32];
static char path[64]; /* path of results.csv in dir */
static struct fault fault;

static inline int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/results_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/results.csv", dir);
	return 0;
}

static inline int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static inline void put(const char *text, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0666);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, length, 0), length);
	/* Not O_TRUNC: ext4 would then write to the disk, thousands of times.
	 */
	assert_int_equal(ftruncate(fd, (off_t)length), 0);
	assert_int_equal(close(fd), 0);
}

static inline size_t get(char text[FILE_MAX])
{
	FILE *file = fopen(path, "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, FILE_MAX - 1, file);
	fclose(file);
	text[length] = '\0';
	return length;
}

static inline int read_rows(struct rows *rows)
{
	memset(&fault, 0, sizeof(fault));
	return rows_read(path, &results_schema, rows, &fault);
}

/* Rows that differ, with an empty field and one that needs quotes in each. */
static inline struct record sample(int number)
{
	struct record record;

	record_init(&record, &results_schema);
	record_set_text(&record, COLUMN_run_id, "a,b \"c\"");
	record_set_integer(&record, COLUMN_round, number);
	record_set_integer(&record, COLUMN_attempt, 1);
	record_set_text(&record, COLUMN_backend, "mutex");
	record_set_integer(&record, COLUMN_messages, 12345670 + number);
	record_set_integer(&record, COLUMN_timeouts, 0);
	record_set_real(&record, COLUMN_idle_share, 0.25 * number);
	return record;
}

/* Writes the sample's rows with results_append(). Returns the text of the
 * file. */
static inline size_t write_sample(char text[FILE_MAX])
{
	int fd;

	unlink(path);
	fd = results_open(dir, &results_schema, &fault);
	assert_true(fd >= 0);
	for (int i = 1; i <= ROWS; i++) {
		struct record record = sample(i);

		assert_int_equal(results_append(fd, &record, &fault), 0);
	}
	close(fd);
	return get(text);
}

static inline void assert_sample(const struct record *row, int number)
{
	struct record record = sample(number);
	char expected[ROW_BYTES_MAX], found[ROW_BYTES_MAX];
	size_t length = results_format(&record, expected);

	assert_int_equal(results_format(row, found), length);
	assert_memory_equal(found, expected, length);
}

#endif
