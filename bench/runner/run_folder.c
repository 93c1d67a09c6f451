/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "build_info.h"
#include "resume.h"
#include "results.h"
#include "run.h"
#include "run_folder.h"
#include "text.h"

#define RESULTS_FOLDER "results"

void run_folder_time(char text[32])
{
	time_t now = time(NULL);
	struct tm utc;

	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
}

static int cannot_write(const char *path, int error, struct fault *fault)
{
	return fault_set(fault, EXIT_OUTPUT,
			 "%.900s: %s; choose another folder with --out", path,
			 strerror(error));
}

static int write_json(const struct run_folder *folder, struct fault *fault)
{
	char path[PATHS_MAX + 16];
	char *text = json_dumps(folder->json, JSON_INDENT(2));
	int error;

	if (!text)
		abort();
	snprintf(path, sizeof(path), "%s/run.json", folder->path);
	error = paths_write_file(path, text);
	free(text);
	return error ? cannot_write(path, -error, fault) : 0;
}

static json_t *plan_json(const struct plan *plan)
{
	json_t *lines = json_array(), *cells = json_array();
	json_t *skipped = json_array();
	char name[CELL_NAME_MAX];

	for (size_t i = 0; i < plan->line_count; i++)
		json_array_append_new(lines, json_string(plan->lines[i]));
	for (size_t i = 0; i < plan->count; i++) {
		cell_name(&plan->cells[i], name);
		json_array_append_new(cells, json_string(name));
	}
	for (size_t i = 0; i < plan->skipped_count; i++)
		json_array_append_new(skipped,
				      json_pack("{s:s, s:s}", "cell",
						plan->skipped[i].name, "reason",
						plan->skipped[i].reason));
	return json_pack("{s:s, s:o, s:o, s:o}", "name", plan->name, "lines",
			 lines, "cells", cells, "skipped", skipped);
}

/* Refuses to add a session of another host, build or plan, because its rows
 * cannot be compared with the existing rows. */
static int check_same(const struct run_folder *folder, const struct plan *plan,
		      struct fault *fault)
{
	json_t *json = folder->json, *lines = NULL, *cells = NULL;
	json_t *now = plan_json(plan);
	const char *host = "", *build = "", *other = NULL;

	if (json_object_get(json, "hosts"))
		other = "several hosts, merged";
	else if (json_unpack(json, "{s:s, s:s, s:{s:o, s:o}}", "host_id", &host,
			     "build_id", &build, "plan", "lines", &lines,
			     "cells", &cells) != 0)
		other = "a damaged run.json";
	else if (strcmp(host, folder->host_id) != 0)
		other = "another host";
	else if (strcmp(build, folder->build_id) != 0)
		other = "another build";
	else if (!json_equal(lines, json_object_get(now, "lines")) ||
		 !json_equal(cells, json_object_get(now, "cells")))
		other = "another plan";
	json_decref(now);
	if (!other)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "%.800s: cannot add a session: the folder contains a "
			 "run of %s; choose another folder with --out",
			 folder->path, other);
}

static void start_json(struct run_folder *folder,
		       const struct run_identity *identity,
		       const struct plan *plan, const struct topology *topology)
{
	folder->json = json_pack(
		"{s:s, s:s, s:s, s:O, s:o, s:o, s:[]}", "run_id",
		folder->run_id, "host_id", folder->host_id, "build_id",
		folder->build_id, "program", identity->program, "plan",
		plan_json(plan), "host", host_describe(topology), "sessions");
}

static void add_session(struct run_folder *folder, const struct plan *plan)
{
	json_t *sessions = json_object_get(folder->json, "sessions");
	char now[32];

	run_folder_time(now);
	json_array_append_new(
		sessions,
		json_pack("{s:s, s:s, s:I, s:I, s:I, s:o, s:o}", "session_id",
			  folder->session_id, "started_at", now, "seed",
			  (json_int_t)plan->seed, "rounds",
			  (json_int_t)plan->rounds, "retry",
			  (json_int_t)plan->retry, "before", host_state(),
			  "doctor", doctor_json(&folder->doctor)));
}

/* results/<time>-<plan>; if that exists, followed by -2, -3 and so on. */
static void name_path(const char *plan, int number, char path[PATHS_MAX])
{
	time_t now = time(NULL);
	char stamp[32];
	struct tm utc;
	int length;

	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", gmtime_r(&now, &utc));
	length = snprintf(path, PATHS_MAX, RESULTS_FOLDER "/%s-%s", stamp,
			  plan);
	if (number > 1)
		snprintf(path + length, (size_t)(PATHS_MAX - length), "-%d",
			 number);
}

/* Creates a folder with the name of name_path(). */
static int new_path(struct run_folder *folder, const char *plan,
		    struct fault *fault)
{
	int error = paths_make_folder(RESULTS_FOLDER);

	for (int i = 1; !error && i < 1000; i++) {
		name_path(plan, i, folder->path);
		if (mkdir(folder->path, 0777) == 0)
			return 0;
		if (errno != EEXIST)
			error = -errno;
	}
	return cannot_write(RESULTS_FOLDER, -error, fault);
}

int run_folder_pair_path(const char *plan, char path[PATHS_MAX],
			 struct fault *fault)
{
	int error = paths_make_folder(RESULTS_FOLDER);
	char pattern[PATHS_MAX + 2];

	for (int i = 1; !error && i < 1000; i++) {
		glob_t found;
		int none;

		name_path(plan, i, path);
		snprintf(pattern, sizeof(pattern), "%s-*", path);
		none = glob(pattern, 0, NULL, &found);
		globfree(&found);
		if (none == GLOB_NOMATCH)
			return 0;
	}
	return cannot_write(RESULTS_FOLDER, error ? -error : EEXIST, fault);
}

/* Makes results/latest a link to this folder. Errors are ignored, because
 * nothing depends on the link. */
static void point_latest(const struct run_folder *folder)
{
	const char *temporary = RESULTS_FOLDER "/latest.new";

	unlink(temporary);
	if (symlink(folder->run_id, temporary) == 0)
		rename(temporary, RESULTS_FOLDER "/latest");
}

void run_folder_session(char session_id[SESSION_ID_MAX])
{
	static int sessions;
	time_t now = time(NULL);
	struct tm utc;
	char stamp[20];

	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", gmtime_r(&now, &utc));
	if (sessions++ == 0)
		snprintf(session_id, SESSION_ID_MAX, "%s-%d", stamp,
			 (int)getpid());
	else
		snprintf(session_id, SESSION_ID_MAX, "%.15s-%d.%d", stamp,
			 (int)getpid() % 10000000, sessions % 10000);
}

void run_identity_own(struct run_identity *identity)
{
	run_folder_session(identity->session_id);
	build_id(identity->build_id);
	identity->program = build_describe();
}

/* The name of the folder is in every row, so it must be a text that the reader
 * of results.csv accepts. */
static int set_ids(struct run_folder *folder,
		   const struct run_identity *identity, struct fault *fault)
{
	const char *base = strrchr(folder->path, '/');

	base = base ? base + 1 : folder->path;
	if (strlen(base) >= RUN_ID_MAX || !text_is_clean(base))
		return fault_set(fault, EXIT_USAGE,
				 "%.900s: cannot use this name for a run: it "
				 "has more than %d bytes, or control "
				 "characters; choose another folder with --out",
				 folder->path, RUN_ID_MAX - 1);
	memcpy(folder->run_id, base, strlen(base) + 1);
	host_id(folder->host_id);
	memcpy(folder->session_id, identity->session_id,
	       sizeof(folder->session_id));
	memcpy(folder->build_id, identity->build_id, sizeof(folder->build_id));
	return 0;
}

/* A run keeps its name even if the folder is given by another path, such as
 * results/latest. */
static void keep_run_id(struct run_folder *folder)
{
	json_t *id = json_object_get(folder->json, "run_id");

	if (json_is_string(id))
		snprintf(folder->run_id, sizeof(folder->run_id), "%s",
			 json_string_value(id));
}

static int open_files(struct run_folder *folder, struct fault *fault)
{
	folder->results = results_open(folder->path, &results_schema, fault);
	if (folder->results < 0)
		return -1;
	folder->threads = results_open(folder->path, &threads_schema, fault);
	return folder->threads < 0 ? -1 : 0;
}

static int set_path(struct run_folder *folder, const char *path,
		    struct fault *fault)
{
	size_t length;

	memset(folder, 0, sizeof(*folder));
	folder->results = folder->threads = folder->lock = -1;
	if (path && strlen(path) >= sizeof(folder->path))
		return fault_set(fault, EXIT_USAGE,
				 "%.200s...: %s; choose another folder with "
				 "--out",
				 path, strerror(ENAMETOOLONG));
	snprintf(folder->path, sizeof(folder->path), "%s", path ? path : "");
	length = strlen(folder->path);
	while (length > 1 && folder->path[length - 1] == '/')
		folder->path[--length] = '\0';
	return 0;
}

/*
 * Only one run at a time may write into a folder; otherwise the rows and
 * run.json of two runs would be mixed. On a file system without locks there is
 * no check.
 */
static int lock_folder(struct run_folder *folder, struct fault *fault)
{
	folder->lock = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->lock < 0 || flock(folder->lock, LOCK_EX | LOCK_NB) == 0 ||
	    errno != EWOULDBLOCK)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "cannot write to %.900s: another run is writing into "
			 "this folder; wait until it ends, or choose another "
			 "folder with --out",
			 folder->path);
}

static bool has_json(const struct run_folder *folder)
{
	char path[PATHS_MAX + 16];

	snprintf(path, sizeof(path), "%s/run.json", folder->path);
	return access(path, F_OK) == 0;
}

int run_folder_open(struct run_folder *folder, const char *out,
		    const struct run_identity *identity, struct plan *plan,
		    const struct topology *topology, struct fault *fault)
{
	int error;

	if (set_path(folder, out, fault) != 0)
		return -1;
	doctor_examine(&folder->doctor);
	if (plan->seed < 0)
		plan->seed = time(NULL) % INT32_MAX;
	if (!out && new_path(folder, plan->name, fault) != 0)
		return -1;
	if (set_ids(folder, identity, fault) != 0)
		return -1;
	error = paths_make_folder(folder->path);
	if (error)
		return cannot_write(folder->path, -error, fault);
	if (lock_folder(folder, fault) != 0)
		return -1;
	if (has_json(folder)) {
		folder->json = run_read_json(folder->path, fault);
		if (!folder->json || check_same(folder, plan, fault) != 0)
			return -1;
		keep_run_id(folder);
	} else {
		start_json(folder, identity, plan, topology);
	}
	add_session(folder, plan);
	if (write_json(folder, fault) != 0 || open_files(folder, fault) != 0)
		return -1;
	if (!out)
		point_latest(folder);
	return 0;
}

/* The plan as it was stored, with the seed and rounds of its last session. */
static int stored_plan(struct run_folder *folder, struct plan *plan,
		       const struct topology *topology, struct fault *fault)
{
	json_t *sessions = json_object_get(folder->json, "sessions");
	json_t *session = json_array_get(sessions,
					 json_array_size(sessions) - 1);
	const char *name, *id;
	json_t *lines;
	json_int_t seed, rounds, retry = PLAN_RETRY;

	if (json_object_get(folder->json, "hosts"))
		return fault_set(fault, EXIT_USAGE,
				 "%.900s: cannot resume: it is a merged run; "
				 "resume the runs that it was merged from",
				 folder->path);
	if (json_unpack(folder->json, "{s:{s:s, s:o}}", "plan", "name", &name,
			"lines", &lines) != 0 ||
	    json_unpack(session, "{s:s, s:I, s:I, s?I}", "session_id", &id,
			"seed", &seed, "rounds", &rounds, "retry", &retry) != 0)
		return fault_set(fault, EXIT_DATA,
				 "%.900s/run.json: the plan or the session is "
				 "missing; start a new run",
				 folder->path);
	snprintf(folder->session_id, sizeof(folder->session_id), "%s", id);
	plan_init(plan, name);
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const char *line = json_string_value(json_array_get(lines, i));

		if (!line)
			return fault_set(fault, EXIT_DATA,
					 "%.900s/run.json: line %zu of the "
					 "plan is not a text; start a new run",
					 folder->path, i + 1);
		if (plan_parse_line(plan, line, topology, fault) != 0)
			return -1;
	}
	if (rounds < 1 || rounds > PLAN_ROUNDS_MAX || seed < 0 || retry < 0 ||
	    retry > PLAN_RETRY_MAX)
		return fault_set(
			fault, EXIT_DATA,
			"%.900s/run.json: impossible session of %lld rounds "
			"with seed %lld; restore the file, or start a new run",
			folder->path, (long long)rounds, (long long)seed);
	plan->seed = seed;
	plan->rounds = rounds;
	plan->retry = retry;
	return 0;
}

int run_folder_resume(struct run_folder *folder, const char *path,
		      const struct run_identity *identity, struct plan *plan,
		      const struct topology *topology, int64_t *round,
		      struct fault *fault)
{
	char session_id[SESSION_ID_MAX];

	if (set_path(folder, path, fault) != 0)
		return -1;
	doctor_examine(&folder->doctor);
	if (lock_folder(folder, fault) != 0 ||
	    set_ids(folder, identity, fault) != 0)
		return -1;
	folder->json = run_read_json(folder->path, fault);
	if (!folder->json || stored_plan(folder, plan, topology, fault) != 0)
		return -1;
	keep_run_id(folder);
	memcpy(session_id, folder->session_id, sizeof(session_id));
	if (check_same(folder, plan, fault) != 0 ||
	    resume_clean(folder->path, session_id, plan->count, round, fault))
		return -1;
	if (*round > plan->rounds)
		return fault_set(fault, EXIT_USAGE,
				 "%.900s: cannot resume: the run is complete; "
				 "use --out to add a session",
				 folder->path);
	return open_files(folder, fault);
}

int run_folder_finish(struct run_folder *folder, enum exit_code exit_code,
		      struct fault *fault)
{
	json_t *sessions = json_object_get(folder->json, "sessions");
	json_t *session = json_array_get(sessions,
					 json_array_size(sessions) - 1);
	char now[32];

	run_folder_time(now);
	json_object_set_new(session, "ended_at", json_string(now));
	json_object_set_new(session, "exit_code", json_integer(exit_code));
	json_object_set_new(session, "after", host_state());
	return write_json(folder, fault);
}

void run_folder_free(struct run_folder *folder)
{
	if (folder->results >= 0)
		close(folder->results);
	if (folder->threads >= 0)
		close(folder->threads);
	if (folder->lock > 0)
		close(folder->lock);
	json_decref(folder->json);
}
