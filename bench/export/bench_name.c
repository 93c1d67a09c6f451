/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "exporter.h"
#include "text.h"

/*
 * What goes without saying. Names are compared between runs of different
 * versions: add to this table when a column gets a usual value, and do not
 * follow changed defaults. A scenario's own usual value comes first.
 */
static const struct {
	const char *scenario; /* NULL: of all others */
	int column;
	const char *value;
} usual[] = {
	{ "pipeline", COLUMN_capacity, "15" },
	{ NULL, COLUMN_capacity, "1023" },
	{ "pipeline", COLUMN_stop, "sentinel" },
	{ NULL, COLUMN_stop, "event" },
	{ NULL, COLUMN_until, "stop" },
	{ NULL, COLUMN_batch, "1" },
	{ NULL, COLUMN_share, "threads" },
	{ NULL, COLUMN_lock, "element" },
	{ NULL, COLUMN_work, "numbers" },
	{ NULL, COLUMN_service_ns, "1000000" },
	{ NULL, COLUMN_claim, "excl" },
	{ "stream", COLUMN_payload_bytes, "8" },
	{ NULL, COLUMN_payload_bytes, "24" },
	{ NULL, COLUMN_warmup_ns, "20000000" },
	{ NULL, COLUMN_duration_ns, "200000000" },
};

static bool is_usual(const char *scenario, int column, const char *value)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (usual[i].column == column &&
		    (!usual[i].scenario ||
		     strcmp(usual[i].scenario, scenario) == 0))
			return strcmp(usual[i].value, value) == 0;
	return false;
}

/* A slash would begin another factor, and a blank end the name. */
static void add(char name[BENCH_NAME_MAX], const char *text)
{
	size_t length = strlen(name);

	for (; *text && length < BENCH_NAME_MAX - 1; text++)
		name[length++] = *text <= ' ' || *text > '~' || *text == '/'
					 ? '_'
					 : *text;
	name[length] = '\0';
}

static void add_factor(char name[BENCH_NAME_MAX], const struct column *column,
		       const char *value)
{
	size_t length = strlen(name);
	size_t unit = strcmp(column->unit, "ns") == 0 ? strlen("_ns") : 0;

	snprintf(name + length, BENCH_NAME_MAX - length,
		 "/%.*s=", (int)(strlen(column->name) - unit), column->name);
	add(name, value);
}

void bench_name(const struct record *row, char name[BENCH_NAME_MAX])
{
	const char *scenario = record_text(row, COLUMN_scenario);
	char value[RECORD_FIELD_MAX];

	name[0] = '\0';
	add(name, *scenario ? scenario : "unknown");
	for (int i = 0; i < (int)row->schema->count; i++) {
		const struct column *column = &row->schema->columns[i];

		if (column->role != ROLE_FACTOR || i == COLUMN_scenario ||
		    !record_has(row, i))
			continue;
		record_format(row, i, value);
		if (is_usual(scenario, i, value))
			continue;
		if (strcmp(column->unit, "ns") == 0)
			text_format_duration(record_integer(row, i), value);
		add_factor(name, column, value);
	}
}
