/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "run.h"
#include "text.h"

/* Cleans the texts for printing and removes entries with unprintable names. */
static void clean(json_t *json)
{
	json_t *value;
	const char *key;
	void *next;
	size_t i;

	if (json_is_string(json)) {
		char *text = strdup(json_string_value(json));

		if (!text)
			abort();
		text_clean(text);
		json_string_set(json, text);
		free(text);
	}
	json_array_foreach(json, i, value)
	{
		clean(value);
	}
	json_object_foreach_safe(json, next, key, value)
	{
		if (text_is_clean(key))
			clean(value);
		else
			json_object_del(json, key);
	}
}

json_t *run_read_json(const char *path, struct fault *fault)
{
	char file[PATHS_MAX + 16];
	struct stat status;
	json_error_t error;
	json_t *json;

	snprintf(file, sizeof(file), "%s/run.json", path);
	/* fopen() of a pipe would block for ever. */
	if (stat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
		fault_set(fault, EXIT_DATA,
			  "%.900s is not a regular file; name the folder of a "
			  "run",
			  file);
		return NULL;
	}
	json = json_load_file(file, 0, &error);
	if (!json)
		fault_set(fault, EXIT_DATA,
			  "cannot read %.900s: %.80s; name the folder of a run",
			  file, error.text);
	clean(json);
	return json;
}

int run_load(struct run *run, const char *path, struct fault *fault)
{
	char csv[PATHS_MAX + 16];
	struct stat status;

	memset(run, 0, sizeof(*run));
	snprintf(run->path, sizeof(run->path), "%s", path);
	snprintf(csv, sizeof(csv), "%.4080s", path);
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		snprintf(csv, sizeof(csv), "%.4080s/results.csv", path);
		run->json = run_read_json(path, fault);
		if (!run->json)
			return -1;
	}
	if (rows_read(csv, &results_schema, &run->rows, fault) != 0) {
		json_decref(run->json);
		return -1;
	}
	rows_say_skipped(csv, &run->rows.end);
	groups_make(&run->rows, &run->groups);
	return 0;
}

void run_free(struct run *run)
{
	groups_free(&run->groups);
	rows_free(&run->rows);
	json_decref(run->json);
	memset(run, 0, sizeof(*run));
}

json_t *run_json_at(const json_t *json, const char *keys)
{
	char key[64];

	while (json && *keys) {
		size_t length = strcspn(keys, ".");

		snprintf(key, sizeof(key), "%.*s", (int)length, keys);
		json = json_object_get(json, key);
		keys += length + (keys[length] == '.');
	}
	return (json_t *)json;
}

const char *run_fact(const struct run *run, const char *keys)
{
	const json_t *fact = run_json_at(run->json, keys);

	return json_is_string(fact) ? json_string_value(fact) : "?";
}

int64_t run_rounds(const struct run *run)
{
	int64_t rounds = 0;

	for (size_t i = 0; i < run->rows.count; i++) {
		int64_t round = record_integer(&run->rows.rows[i],
					       COLUMN_round);

		rounds = round > rounds ? round : rounds;
	}
	return rounds;
}

static bool fits(const struct record *row, int column, const char *wanted)
{
	return !wanted || strcmp(record_text(row, column), wanted) == 0;
}

const struct group *run_find(const struct run *run,
			     const struct run_query *query)
{
	for (size_t i = 0; i < run->groups.count; i++) {
		const struct group *group = &run->groups.groups[i];
		const struct record *row = group->example;

		if (group->count > 0 && group_has_defaults(group) &&
		    group->represents_cell &&
		    fits(row, COLUMN_scenario, query->scenario) &&
		    fits(row, COLUMN_backend, query->backend) &&
		    fits(row, COLUMN_wait, query->wait) &&
		    fits(row, COLUMN_placement, query->placement) &&
		    (!query->queues ||
		     record_integer(row, COLUMN_queues) == query->queues))
			return group;
	}
	return NULL;
}

enum {
	WINDOW_USUAL =
		200 * 1000 *
		1000, /* length of the window in files without duration_ns */
};

static int64_t duration_of_line(const char *line)
{
	const char *at = strstr(line, "--duration");
	char text[64];
	int64_t ns;

	if (strstr(line, "--messages"))
		return -1;
	if (!at)
		return WINDOW_USUAL;
	at += strlen("--duration");
	at += strspn(at, " =");
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(at, " "), at);
	return text_parse_duration(text, &ns) == 0 ? ns : -1;
}

int64_t run_duration(const json_t *json)
{
	const json_t *lines = run_json_at(json, "plan.lines"), *line;
	int64_t duration = -1;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		const char *text = json_string_value(line);
		int64_t own = text ? duration_of_line(text) : -1;

		if (own < 0 || (i > 0 && own != duration))
			return -1;
		duration = own;
	}
	return duration;
}
