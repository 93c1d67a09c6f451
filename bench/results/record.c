/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

_Static_assert((int)RESULT_COLUMN_COUNT <= RECORD_COLUMNS_MAX, "enlarge it");
_Static_assert((int)THREAD_COLUMN_COUNT <= RECORD_COLUMNS_MAX, "enlarge it");

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* One copy of every text: rows repeat the same few names. */
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

int record_parse(struct record *record, int column, const char *text)
{
	union value value;
	char *end;

	if (!*text) {
		record_clear(record, column);
		return 0;
	}
	errno = 0;
	switch (record->schema->columns[column].type) {
	case TYPE_TEXT:
		if (strlen(text) >= RECORD_FIELD_MAX || strpbrk(text, "\r\n"))
			return -EINVAL;
		record_set_text(record, column, text);
		return 0;
	case TYPE_INTEGER:
		value.integer = strtoll(text, &end, 10);
		break;
	default:
		value.real = strtod(text, &end);
		if (!isfinite(value.real))
			return -EINVAL;
	}
	/* strto* skip blanks and signs that no writer of ours makes. */
	if (errno || *end || !strchr("-0123456789", *text) ||
	    strpbrk(text, "xXpP"))
		return -EINVAL;
	record->values[column] = value;
	record->present[column] = true;
	return 0;
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
