/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "text.h"

_Static_assert((int)COMMON_COLUMN_COUNT <= RECORD_COLUMNS_MAX, "enlarge it");
_Static_assert((int)THREAD_COLUMN_COUNT <= RECORD_COLUMNS_MAX, "enlarge it");

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Keeps one copy of each text, because rows repeat a few names. */
static const char *keep_text(const char *text)
{
	static void *texts;
	char **found = tfind(text, &texts, compare_texts);

	if (!found) {
		char *copy = strdup(text);

		if (!copy || !(found = tsearch(copy, &texts, compare_texts)))
			abort();
	}
	return *found;
}

void record_init(struct record *record, const struct schema *schema)
{
	memset(record, 0, sizeof(*record));
	record->schema = schema;
}

bool record_has(const struct record *record, int column)
{
	return record->present[column];
}

void record_clear(struct record *record, int column)
{
	record->present[column] = false;
}

void record_set_integer(struct record *record, int column, int64_t value)
{
	record->values[column].integer = value;
	record->present[column] = true;
}

void record_set_real(struct record *record, int column, double value)
{
	record->values[column].real = value;
	record->present[column] = true;
}

void record_set_text(struct record *record, int column, const char *value)
{
	if (!*value) {
		record_clear(record, column);
		return;
	}
	record->values[column].text = keep_text(value);
	record->present[column] = true;
}

static int parse_number(struct record *record, int column, const char *text)
{
	union value value;
	char *end;

	errno = 0;
	if (record->schema->columns[column].type == TYPE_INTEGER) {
		value.integer = strtoll(text, &end, 10);
	} else {
		value.real = strtod(text, &end);
		if (!isfinite(value.real))
			return -EINVAL;
	}
	/* strtoll() and strtod() accept blanks and signs, which the writer
	 * never writes. */
	if (errno || *end || !strchr("-0123456789", *text) ||
	    strpbrk(text, "xXpP"))
		return -EINVAL;
	record->values[column] = value;
	record->present[column] = true;
	return 0;
}

int record_borrow(struct record *record, int column, const char *text)
{
	if (!*text) {
		record_clear(record, column);
		return 0;
	}
	if (record->schema->columns[column].type != TYPE_TEXT)
		return parse_number(record, column, text);
	if (strlen(text) >= RECORD_FIELD_MAX || !text_is_clean(text))
		return -EINVAL;
	record->values[column].text = text;
	record->present[column] = true;
	return 0;
}

void record_keep_texts(struct record *record)
{
	for (size_t i = 0; i < record->schema->count; i++)
		if (record->present[i] &&
		    record->schema->columns[i].type == TYPE_TEXT)
			record->values[i].text = keep_text(
				record->values[i].text);
}

int record_parse(struct record *record, int column, const char *text)
{
	int error = record_borrow(record, column, text);

	if (!error && record_has(record, column) &&
	    record->schema->columns[column].type == TYPE_TEXT)
		record->values[column].text = keep_text(text);
	return error;
}

int64_t record_integer(const struct record *record, int column)
{
	return record_has(record, column) ? record->values[column].integer : 0;
}

double record_number(const struct record *record, int column)
{
	if (!record_has(record, column))
		return NAN;
	if (record->schema->columns[column].type == TYPE_REAL)
		return record->values[column].real;
	return (double)record->values[column].integer;
}

const char *record_text(const struct record *record, int column)
{
	return record_has(record, column) ? record->values[column].text : "";
}

bool record_has_name(const struct record *record, int column, const char *name)
{
	const char *list = record_text(record, column);
	size_t length = strlen(name);

	while (*list) {
		size_t item = strcspn(list, "+");

		if (item == length && strncmp(list, name, length) == 0)
			return true;
		list += item + (list[item] == '+');
	}
	return false;
}

void record_add_name(struct record *record, int column, const char *name)
{
	char list[RECORD_FIELD_MAX];

	if (record_has_name(record, column, name))
		return;
	snprintf(list, sizeof(list), "%s%s%s", record_text(record, column),
		 record_has(record, column) ? "+" : "", name);
	record_set_text(record, column, list);
}

void record_format(const struct record *record, int column,
		   char text[RECORD_FIELD_MAX])
{
	const union value *value = &record->values[column];

	text[0] = '\0';
	if (!record_has(record, column))
		return;
	switch (record->schema->columns[column].type) {
	case TYPE_TEXT:
		snprintf(text, RECORD_FIELD_MAX, "%s", value->text);
		break;
	case TYPE_INTEGER:
		snprintf(text, RECORD_FIELD_MAX, "%" PRId64, value->integer);
		break;
	case TYPE_REAL:
		snprintf(text, RECORD_FIELD_MAX, "%.9g", value->real);
		break;
	}
}

void record_copy_cell(struct record *to, const struct record *from)
{
	for (size_t i = 0; i < from->schema->count; i++) {
		const struct column *column = &from->schema->columns[i];
		int at = schema_find(to->schema, column->name);

		if (at < 0 || !record_has(from, (int)i) ||
		    column->role > ROLE_FACTOR)
			continue;
		to->values[at] = from->values[i];
		to->present[at] = true;
	}
}

static bool is_key(const struct record *record, size_t column,
		   const int *except, size_t excepted)
{
	if (record->schema->columns[column].role != ROLE_FACTOR)
		return false;
	for (size_t i = 0; i < excepted; i++)
		if (except[i] == (int)column)
			return false;
	return true;
}

/* All factors are texts or integers. */
static bool same_value(const struct record *a, const struct record *b,
		       size_t column)
{
	if (a->present[column] != b->present[column])
		return false;
	if (!a->present[column])
		return true;
	if (a->schema->columns[column].type == TYPE_TEXT)
		return strcmp(a->values[column].text, b->values[column].text) ==
		       0;
	return a->values[column].integer == b->values[column].integer;
}

bool record_same_cell(const struct record *a, const struct record *b,
		      const int *except, size_t excepted)
{
	for (size_t i = 0; i < a->schema->count; i++)
		if (is_key(a, i, except, excepted) && !same_value(a, b, i))
			return false;
	return true;
}

/* The column is written before its value. The column determines the type of the
 * value, so different rows cannot have equal keys. */
static size_t add_to_key(const struct record *record, size_t column,
			 char key[RECORD_KEY_MAX], size_t length)
{
	const union value *value = &record->values[column];
	const void *bytes = &value->integer;
	size_t size = sizeof(value->integer);

	if (!record->present[column])
		return length;
	if (record->schema->columns[column].type == TYPE_TEXT) {
		bytes = value->text;
		size = strlen(value->text) + 1;
	}
	if (length + 1 + size > RECORD_KEY_MAX)
		abort(); /* the key is longer than the longest row */
	key[length++] = (char)column;
	memcpy(key + length, bytes, size);
	return length + size;
}

size_t record_key(const struct record *record, const int *except,
		  size_t excepted, char key[RECORD_KEY_MAX])
{
	size_t length = 0;

	for (size_t i = 0; i < record->schema->count; i++)
		if (is_key(record, i, except, excepted))
			length = add_to_key(record, i, key, length);
	return length;
}

/* FNV-1a hash of Fowler, Noll and Vo, with 64 bits, so that collisions are
 * improbable. */
uint64_t record_hash_observation(const struct record *record)
{
	/* threads.csv has no columns for the scenarios' own factors, so the
	 * position in the round distinguishes observations. */
	static const char *const names[] = { "session_id", "round", "attempt",
					     "order_in_round" };
	size_t count = record->schema == &threads_schema ? 4 : 3;
	char key[RECORD_KEY_MAX];
	size_t length = record_key(record, NULL, 0, key);
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < count; i++) {
		int column = schema_find(record->schema, names[i]);

		if (column >= 0)
			length = add_to_key(record, (size_t)column, key,
					    length);
	}
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)key[i]) * 1099511628211u;
	return hash;
}
