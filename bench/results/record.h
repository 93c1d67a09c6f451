/* SPDX-License-Identifier: BSD-2-Clause */
/* One row in memory. Each column of the schema has a value or is empty. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "columns.h"

enum {
	RECORD_COLUMNS_MAX = 160,
	RECORD_FIELD_MAX = 2048,  /* longest text of a field, in bytes */
	RECORD_KEY_MAX = 1 << 17, /* length of the longest row */
};

union value {
	int64_t integer;
	double real;
	const char *text; /* never freed; equal texts share one copy */
};

struct record {
	const struct schema *schema;
	bool present[RECORD_COLUMNS_MAX];
	union value values[RECORD_COLUMNS_MAX];
};

void record_init(struct record *record, const struct schema *schema);

bool record_has(const struct record *record, int column);
void record_clear(struct record *record, int column);

void record_set_integer(struct record *record, int column, int64_t value);
void record_set_real(struct record *record, int column, double value);
void record_set_text(struct record *record, int column, const char *value);

/*
 * Sets a column from its text in a file. An empty text clears it. Returns 0, or
 * -EINVAL if the text is not a value of the column's type.
 */
int record_parse(struct record *record, int column, const char *text);

/*
 * Like record_parse(), but does not copy texts. The text must stay valid as
 * long as the record, or until record_keep_texts().
 */
int record_borrow(struct record *record, int column, const char *text);
void record_keep_texts(struct record *record);

/* The value of a column; 0, NaN or "" if it is empty. */
int64_t record_integer(const struct record *record, int column);
double record_number(const struct record *record, int column);
const char *record_text(const struct record *record, int column);

/* Adds a name to a list joined by +, such as the flags, unless the list
 * contains it. */
void record_add_name(struct record *record, int column, const char *name);

/* Whether the list joined by + contains the name. */
bool record_has_name(const struct record *record, int column, const char *name);

/* The field as it is written to a file; "" if it is empty. */
void record_format(const struct record *record, int column,
		   char text[RECORD_FIELD_MAX]);

/*
 * Whether two rows are of one cell: equal in all factor columns except the
 * columns in `except`.
 */
bool record_same_cell(const struct record *a, const struct record *b,
		      const int *except, size_t excepted);
size_t record_key(const struct record *record, const int *except,
		  size_t excepted, char key[RECORD_KEY_MAX]);

/* A hash of the values that identify an observation: session, round, attempt
 * and cell; in threads.csv also the thread. */
uint64_t record_hash_observation(const struct record *record);

/* Copies the columns that identify the observation and the cell. */
void record_copy_cell(struct record *to, const struct record *from);

#endif
