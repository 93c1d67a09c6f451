/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <string.h>

#include "naming.h"
#include "text.h"

const struct record *row_factors(const struct comparison *comparison,
				 size_t row)
{
	return &comparison->set->cells[comparison->rows[row].new_cell].factors;
}

size_t scenario_end(const struct comparison *comparison, size_t first)
{
	const char *scenario = record_text(row_factors(comparison, first),
					   COLUMN_scenario);

	while (++first < comparison->count)
		if (strcmp(record_text(row_factors(comparison, first),
				       COLUMN_scenario),
			   scenario) != 0)
			break;
	return first;
}

void naming_make(struct naming *naming, const struct comparison *comparison,
		 size_t first, size_t end)
{
	memset(naming, 0, sizeof(*naming));
	naming->first = row_factors(comparison, first);
	for (int column = 0; column < (int)results_schema.count; column++) {
		char own[RECORD_FIELD_MAX], other[RECORD_FIELD_MAX];

		if (results_schema.columns[column].role != ROLE_FACTOR)
			continue;
		record_format(naming->first, column, own);
		for (size_t i = first + 1; i < end; i++) {
			record_format(row_factors(comparison, i), column,
				      other);
			naming->shown[column] |= strcmp(own, other) != 0;
		}
	}
	if (comparison->options->factor >= 0)
		naming->shown[comparison->options->factor] = true;
	naming->shown[COLUMN_producers] |= naming->shown[COLUMN_consumers];
	naming->shown[COLUMN_consumers] = false;
}

/* Names that say themselves what they are. */
static bool is_plain(int column)
{
	switch (column) {
	case COLUMN_scenario:
	case COLUMN_backend:
	case COLUMN_wait:
	case COLUMN_placement:
	case COLUMN_sync:
	case COLUMN_share:
	case COLUMN_lock:
	case COLUMN_work:
	case COLUMN_event:
	case COLUMN_stages:
	case COLUMN_source:
	case COLUMN_claim:
		return true;
	default:
		return false;
	}
}

static void format_factor(const struct record *factors, int column,
			  char text[NAME_MAX_BYTES])
{
	const char *name = results_schema.columns[column].name;
	char value[RECORD_FIELD_MAX], duration[TEXT_NUMBER_MAX];
	int64_t number = record_integer(factors, column);

	text[0] = '\0';
	if (!record_has(factors, column))
		return;
	record_format(factors, column, value);
	if (column == COLUMN_queues) {
		snprintf(text, NAME_MAX_BYTES, "q%" PRId64, number);
	} else if (column == COLUMN_producers) {
		snprintf(text, NAME_MAX_BYTES, "%" PRId64 "x%" PRId64, number,
			 record_integer(factors, COLUMN_consumers));
	} else if (strcmp(results_schema.columns[column].unit, "ns") == 0) {
		text_format_duration(number, duration);
		snprintf(text, NAME_MAX_BYTES, "%.*s=%s", (int)strlen(name) - 3,
			 name, duration);
	} else if (is_plain(column)) {
		snprintf(text, NAME_MAX_BYTES, "%.200s", value);
	} else {
		snprintf(text, NAME_MAX_BYTES, "%s=%.200s", name, value);
	}
}

static void add(char name[NAME_MAX_BYTES], const char *word,
		const char *between)
{
	size_t length = strlen(name);

	if (*word)
		snprintf(name + length, NAME_MAX_BYTES - length, "%s%s",
			 length ? between : "", word);
}

void naming_row(const struct naming *naming, const struct record *factors,
		char name[NAME_MAX_BYTES])
{
	char word[NAME_MAX_BYTES];

	name[0] = '\0';
	for (int i = 0; i < (int)results_schema.count; i++) {
		if (!naming->shown[i])
			continue;
		format_factor(factors, i, word);
		add(name, word, " ");
	}
	if (!*name)
		add(name, "as usual", "");
}

void naming_common(const struct naming *naming, char name[NAME_MAX_BYTES])
{
	char word[NAME_MAX_BYTES];

	name[0] = '\0';
	for (int i = 0; i < (int)results_schema.count; i++) {
		if (naming->shown[i] || !is_plain(i))
			continue;
		format_factor(naming->first, i, word);
		add(name, word, ", ");
	}
}
