/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "observation.h"
#include "text.h"

void observation_init(struct observation *observation)
{
	memset(observation, 0, sizeof(*observation));
	record_init(&observation->result, &results_schema);
}

void observation_free(struct observation *observation)
{
	free(observation->threads);
	observation->threads = NULL;
	observation->thread_count = 0;
}

void observation_discard(struct observation *observation)
{
	observation_free(observation);
	observation_init(observation);
}

struct record *observation_add_thread(struct observation *observation,
				      const char *name)
{
	size_t count = (size_t)observation->thread_count + 1;
	struct record *record;

	observation->threads = realloc(observation->threads,
				       count * sizeof(*record));
	if (!observation->threads)
		abort();
	record = &observation->threads[observation->thread_count++];
	record_init(record, &threads_schema);
	record_set_text(record, THREAD_thread, name);
	return record;
}

void observation_fail(struct observation *observation, const char *status,
		      const char *format, ...)
{
	va_list arguments;

	record_set_text(&observation->result, COLUMN_status, status);
	va_start(arguments, format);
	vsnprintf(observation->reason, sizeof(observation->reason), format,
		  arguments);
	va_end(arguments);
	text_clean(observation->reason);
}

static void write_record(const struct record *record, FILE *to)
{
	char text[RECORD_FIELD_MAX];

	for (size_t i = 0; i < record->schema->count; i++) {
		if (!record_has(record, (int)i))
			continue;
		record_format(record, (int)i, text);
		if (record->schema == &threads_schema && i == THREAD_thread)
			continue;
		fprintf(to, "%s %s\n", record->schema->columns[i].name, text);
	}
}

void observation_write(const struct observation *observation, FILE *to)
{
	write_record(&observation->result, to);
	if (*observation->reason)
		fprintf(to, "reason %s\n", observation->reason);
	for (int i = 0; i < observation->thread_count; i++) {
		const struct record *thread = &observation->threads[i];

		fprintf(to, "thread %s\n", record_text(thread, THREAD_thread));
		write_record(thread, to);
	}
	fprintf(to, "end\n");
}

/*
 * Parses one line of the result or of a thread (*record). False: malformed
 * line.
 */
static bool read_line(struct observation *observation, struct record **record,
		      char *line)
{
	char *value = line + strcspn(line, " ");
	int column;

	if (*value)
		*value++ = '\0';
	if (strcmp(line, "thread") == 0) {
		*record = observation_add_thread(observation, value);
		return *value != '\0';
	}
	if (strcmp(line, "reason") == 0) {
		snprintf(observation->reason, sizeof(observation->reason), "%s",
			 value);
		text_clean(observation->reason);
		return true;
	}
	column = schema_find((*record)->schema, line);
	if (column >= 0 && record_parse(*record, column, value) == 0)
		return true;
	/* The error message quotes the complete line. */
	if (value[-1] == '\0')
		value[-1] = ' ';
	return false;
}

/* Only the result may be in the output; other text means that another part of
 * the process wrote to the descriptor. */
static bool is_blank(const char *text)
{
	return text[strspn(text, "\n\r\t ")] == '\0';
}

void observation_read(struct observation *observation, char *text)
{
	struct record *record = &observation->result;
	bool ended = false;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line && !ended;
	     line = strtok_r(NULL, "\n", &rest)) {
		ended = strcmp(line, "end") == 0;
		if (ended)
			break;
		if (read_line(observation, &record, line))
			continue;
		observation_discard(observation);
		observation_fail(observation, "crashed",
				 "wrote \"%.60s\", which is not a column and "
				 "a value",
				 line);
		return;
	}
	if (ended && is_blank(rest) &&
	    record_has(&observation->result, COLUMN_status))
		return;
	observation_discard(observation);
	observation_fail(observation, "crashed", "%s",
			 !ended		   ? "ended without a result"
			 : !is_blank(rest) ? "wrote more text after its "
					     "result"
					   : "gave a result without a status");
}
