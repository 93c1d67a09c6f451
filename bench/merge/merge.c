/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "merge.h"

/* The first row of a session of a source. */
struct session_start {
	const struct source *source;
	struct record row;
};

/* The state of merging one file of a source. */
struct merging {
	struct source *source;
	const struct schema *schema;
	struct session_start *starts; /* of all sources, from results.csv */
	size_t start_count;
	int64_t duration_ns; /* of all windows of the source; -1: unknown */
	int file;
	struct fault *fault;
};

/* Whether both are the same observation, under the names of two hosts. */
static bool is_copy(const struct record *a, const struct record *b)
{
	static const int columns[] = { COLUMN_host_id, COLUMN_started_at,
				       COLUMN_messages, COLUMN_elapsed_ns };
	char left[RECORD_FIELD_MAX], right[RECORD_FIELD_MAX];

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		record_format(a, columns[i], left);
		record_format(b, columns[i], right);
		if (strcmp(left, right) != 0)
			return false;
	}
	return true;
}

/*
 * Refuses a session that an earlier source has: a copy of a run counts its
 * observations twice. Two hosts can give a session the same id by chance.
 */
static int check_session(struct merging *merging, const struct record *row)
{
	const char *id = record_text(row, COLUMN_session_id);
	struct session_start *start;

	for (size_t i = merging->start_count; i-- > 0;) {
		start = &merging->starts[i];
		if (strcmp(record_text(&start->row, COLUMN_session_id), id) !=
		    0)
			continue;
		if (start->source == merging->source)
			return 0;
		if (source_same_host(start->source, merging->source) ||
		    is_copy(&start->row, row))
			return fault_set(merging->fault, EXIT_USAGE,
					 "cannot merge %.300s and %.300s: both "
					 "contain session %s; name each run "
					 "once",
					 start->source->path,
					 merging->source->path, id);
	}
	merging->starts = array_grow(merging->starts, merging->start_count,
				     sizeof(*merging->starts));
	start = &merging->starts[merging->start_count++];
	*start = (struct session_start){ merging->source, *row };
	record_keep_texts(&start->row);
	return 0;
}

static int append(const struct merging *merging, struct record *row)
{
	const struct source *source = merging->source;
	int round = schema_find(merging->schema, "round");

	record_set_text(row, schema_find(merging->schema, "host"),
			source->name);
	record_set_integer(row, round,
			   record_integer(row, round) + source->offset);
	return results_append(merging->file, row, merging->fault);
}

static int add_result(const struct record *row, void *arg)
{
	struct merging *merging = arg;
	struct source *source = merging->source;
	struct record merged = *row;
	int64_t round = record_integer(row, COLUMN_round);

	if (check_session(merging, row) != 0)
		return -1;
	source->rows++;
	source->rounds = round > source->rounds ? round : source->rounds;
	source->first_attempts += record_integer(row, COLUMN_attempt) == 1 &&
				  !record_has_name(row, COLUMN_flags,
						   "superseded");
	if (!record_has(row, COLUMN_duration_ns) && merging->duration_ns >= 0)
		record_set_integer(&merged, COLUMN_duration_ns,
				   merging->duration_ns);
	return append(merging, &merged);
}

static int add_thread(const struct record *row, void *arg)
{
	struct record merged = *row;

	return append(arg, &merged);
}

/* A column that this version does not know would be lost. */
static int check_columns(const char *path, const struct schema *schema,
			 struct fault *fault)
{
	FILE *file = fopen(path, "re");
	char *header = NULL, *rest, *name;
	size_t room = 0;
	int error = 0;

	if (file && getline(&header, &room, file) > 0) {
		rest = header;
		while (!error && (name = strsep(&rest, ",\n")) != NULL)
			if (*name && strcmp(name, "checksum") != 0 &&
			    schema_find(schema, name) < 0)
				error = fault_set(
					fault, EXIT_DATA,
					"cannot merge %.600s: this version "
					"does not know its column \"%.60s\"; "
					"merge with the version that measured",
					path, name);
	}
	free(header);
	if (file)
		fclose(file);
	return error;
}

static bool has_file(const struct source *source, const struct schema *schema,
		     char path[PATHS_MAX + 16])
{
	snprintf(path, PATHS_MAX + 16, "%.4080s/%s", source->path,
		 schema->file);
	return access(path, F_OK) == 0;
}

static int merge_file(struct merging *merging)
{
	bool results = merging->schema == &results_schema;
	char path[PATHS_MAX + 16];
	struct rows_end end;

	if (!has_file(merging->source, merging->schema, path) && !results) {
		fprintf(stderr,
			"ringbench: %s is missing, so host %s has no times of "
			"single threads\n",
			path, merging->source->name);
		return 0;
	}
	if (check_columns(path, merging->schema, merging->fault) != 0 ||
	    rows_each(path, merging->schema, results ? add_result : add_thread,
		      merging, &end, merging->fault) != 0)
		return -1;
	rows_say_skipped(path, &end);
	return 0;
}

/* The rounds of a further run of a host follow those of the earlier run. */
static void set_offset(struct source *sources, size_t i)
{
	sources[i].offset = 0;
	for (size_t j = 0; j < i; j++)
		if (source_same_host(&sources[j], &sources[i]))
			sources[i].offset += sources[j].rounds;
}

static int merge_files(struct source *sources, size_t count, const char *out,
		       const struct schema *schema, struct fault *fault)
{
	struct merging merging = { .schema = schema, .fault = fault };
	int error = 0;

	merging.file = results_open(out, schema, fault);
	if (merging.file < 0)
		return -1;
	for (size_t i = 0; i < count && !error; i++) {
		merging.source = &sources[i];
		merging.duration_ns = run_duration(sources[i].json);
		if (schema == &results_schema)
			set_offset(sources, i);
		error = merge_file(&merging);
	}
	free(merging.starts);
	close(merging.file);
	return error;
}

/* Kept runs can lack threads.csv. */
static bool have_threads(const struct source *sources, size_t count)
{
	char path[PATHS_MAX + 16];
	bool found = false;

	for (size_t i = 0; i < count; i++)
		found |= has_file(&sources[i], &threads_schema, path);
	return found;
}

/* The sessions of the source, each with the run that it is from. */
static void add_sessions(json_t *sessions, const struct source *source,
			 const json_t *host)
{
	const json_t *own = json_object_get(source->json, "sessions");
	json_t *facts = json_object_get(source->json, "host");
	json_t *session;
	size_t i;

	json_array_foreach(own, i, session)
	{
		json_t *copy = json_copy(session);

		json_object_set(copy, "run_id",
				json_object_get(source->json, "run_id"));
		json_object_set_new(copy, "first_round",
				    json_integer(source->offset + 1));
		if (!json_equal(facts, host))
			json_object_set(copy, "host", facts);
		json_array_append_new(sessions, copy);
	}
}

/* The run.json of the host's first run, with the sessions of all its runs. A
 * session has facts about the host if they changed since the first run. */
static json_t *host_json(const struct source *sources, size_t count,
			 size_t first)
{
	json_t *host = json_copy(sources[first].json);
	json_t *sessions = json_array();

	json_object_set_new(host, "name", json_string(sources[first].name));
	for (size_t i = first; i < count; i++)
		if (source_same_host(&sources[first], &sources[i]))
			add_sessions(sessions, &sources[i],
				     json_object_get(host, "host"));
	json_object_set_new(host, "sessions", sessions);
	return host;
}

static bool is_first_of_host(const struct source *sources, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (source_same_host(&sources[j], &sources[i]))
			return false;
	return true;
}

static int write_json(const struct source *sources, size_t count,
		      const char *out, struct fault *fault)
{
	const char *slash = strrchr(out, '/');
	json_t *hosts = json_array(), *json;
	char path[PATHS_MAX + 16], *text;
	int error;

	for (size_t i = 0; i < count; i++)
		if (is_first_of_host(sources, i))
			json_array_append_new(hosts,
					      host_json(sources, count, i));
	json = json_pack("{s:s, s:O, s:o}", "run_id", slash ? slash + 1 : out,
			 "plan", json_object_get(sources[0].json, "plan"),
			 "hosts", hosts);
	text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
	if (!text)
		abort();
	snprintf(path, sizeof(path), "%.4080s/run.json", out);
	error = paths_write_file(path, text);
	free(text);
	json_decref(json);
	if (!error)
		return 0;
	return fault_set(fault, EXIT_OUTPUT, "cannot write %.900s: %s; %s",
			 path, strerror(-error), fault_remedy(-error));
}

/* Sets *is_new if this call made the folder. */
static int make_folder(const char *out, bool *is_new, struct fault *fault)
{
	int error;

	*is_new = access(out, F_OK) != 0;
	error = paths_make_folder(out);
	if (error)
		return fault_set(fault, EXIT_OUTPUT,
				 "cannot make the folder %.900s: %s; choose "
				 "another folder with --out",
				 out, strerror(-error));
	if (*is_new || rmdir(out) == 0) {
		/* An empty folder. */
		paths_make_folder(out);
		return 0;
	}
	return fault_set(fault, EXIT_USAGE,
			 "cannot write a merged run to %.800s: the folder is "
			 "not empty; choose another folder with --out",
			 out);
}

static void remove_files(const char *out, bool folder)
{
	static const char *const files[] = { "results.csv", "threads.csv",
					     "run.json" };
	char path[PATHS_MAX + 16];

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%.4080s/%s", out, files[i]);
		unlink(path);
	}
	if (folder)
		rmdir(out);
}

int merge_write(struct source *sources, size_t count, const char *out,
		struct fault *fault)
{
	bool is_new;

	if (sources_check(sources, count, fault) != 0 ||
	    make_folder(out, &is_new, fault) != 0)
		return -1;
	if (merge_files(sources, count, out, &results_schema, fault) == 0 &&
	    (!have_threads(sources, count) ||
	     merge_files(sources, count, out, &threads_schema, fault) == 0) &&
	    write_json(sources, count, out, fault) == 0)
		return 0;
	remove_files(out, is_new);
	return -1;
}
