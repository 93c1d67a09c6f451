/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "source.h"

/* Splits NAME=RUN. An argument that is the path of a folder has no name. */
static int split(struct source *source, const char *argument,
		 struct fault *fault)
{
	const char *equals = strchr(argument, '=');
	struct stat status;

	source->path = argument;
	if (!equals || stat(argument, &status) == 0)
		return 0;
	source->path = equals + 1;
	source->is_named = true;
	snprintf(source->name, sizeof(source->name), "%.*s",
		 (int)(equals - argument), argument);
	if ((size_t)(equals - argument) < sizeof(source->name) &&
	    host_name_is_possible(source->name))
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "\"%.100s\": the name of a host can have up to %d "
			 "letters, digits, \"-\", \"_\" and \".\"; write "
			 "NAME=RUN, such as node1=results/node1",
			 argument, HOST_NAME_MAX_BYTES - 1);
}

static const char *text_at(const struct source *source, const char *keys)
{
	return json_string_value(run_json_at(source->json, keys));
}

/* The name of the host without its domain; runs of older versions have no name,
 * and then its id. */
static void find_name(struct source *source)
{
	const char *name = text_at(source, "host.system.hostname");

	if (source->is_named)
		return;
	snprintf(source->name, sizeof(source->name), "%.*s",
		 name ? (int)strcspn(name, ".") : 0, name ? name : "");
	if (!host_name_is_possible(source->name))
		snprintf(source->name, sizeof(source->name), "%s",
			 source->host_id);
}

static int find_facts(struct source *source, struct fault *fault)
{
	const char *missing = NULL;

	source->host_id = text_at(source, "host_id");
	source->build_id = text_at(source, "build_id");
	source->revision = text_at(source, "program.revision");
	if (!source->host_id || !host_name_is_possible(source->host_id))
		missing = "host_id";
	else if (!source->build_id)
		missing = "build_id";
	else if (!json_is_array(run_json_at(source->json, "plan.lines")))
		missing = "plan.lines";
	if (!missing)
		return 0;
	return fault_set(fault, EXIT_DATA,
			 "%.900s/run.json: %s is missing; name the folder of a "
			 "run",
			 source->path, missing);
}

int source_open(struct source *source, const char *argument,
		struct fault *fault)
{
	struct stat status;

	*source = (struct source){ .json = NULL };
	if (split(source, argument, fault) != 0)
		return -1;
	if (stat(source->path, &status) != 0)
		return fault_set(fault, EXIT_DATA,
				 "cannot read %.900s: %s; name the folder of a "
				 "run",
				 source->path, strerror(errno));
	source->device = status.st_dev;
	source->inode = status.st_ino;
	source->json = run_read_json(source->path, fault);
	if (!source->json)
		return -1;
	if (json_object_get(source->json, "hosts"))
		return fault_set(fault, EXIT_USAGE,
				 "cannot merge %.900s: it is a merged run; "
				 "name the runs that it was merged from",
				 source->path);
	if (find_facts(source, fault) != 0)
		return -1;
	find_name(source);
	return 0;
}

void source_free(struct source *source)
{
	json_decref(source->json);
}

bool source_same_host(const struct source *a, const struct source *b)
{
	return strcmp(a->name, b->name) == 0;
}

static bool same_plan(const struct source *a, const struct source *b)
{
	return json_equal(run_json_at(a->json, "plan.lines"),
			  run_json_at(b->json, "plan.lines"));
}

static int check_pair(const struct source *a, const struct source *b,
		      struct fault *fault)
{
	bool two_hosts;

	if (a->device == b->device && a->inode == b->inode)
		return fault_set(
			fault, EXIT_USAGE,
			"%.400s and %.400s are the same run; name each "
			"run once",
			a->path, b->path);
	if (!same_plan(a, b))
		return fault_set(
			fault, EXIT_USAGE,
			"cannot merge %.400s and %.400s: they measured "
			"different plans; merge runs of one plan",
			a->path, b->path);
	two_hosts = strcmp(a->host_id, b->host_id) != 0;
	if (!source_same_host(a, b) ||
	    (!two_hosts && strcmp(a->build_id, b->build_id) == 0))
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "cannot merge %.300s and %.300s: two different %s "
			 "\"%s\"; %s",
			 a->path, b->path,
			 two_hosts ? "hosts have the name"
				   : "builds measured on the host",
			 a->name,
			 two_hosts ? "name them: NAME=RUN"
				   : "use `ringbench compare` for these runs");
}

int sources_check(const struct source *sources, size_t count,
		  struct fault *fault)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (check_pair(&sources[j], &sources[i], fault) != 0)
				return -1;
	return 0;
}

static const char *revision_of(const struct source *source)
{
	return source->revision ? source->revision : "unknown";
}

/* The first source of the same machine under another name, or NULL. */
static const struct source *other_name(const struct source *sources, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(sources[j].host_id, sources[i].host_id) == 0 &&
		    !source_same_host(&sources[j], &sources[i]) &&
		    !(sources[j].is_named && sources[i].is_named))
			return &sources[j];
	return NULL;
}

static void warn_of_names(const struct source *sources, size_t i)
{
	const struct source *other = other_name(sources, i);

	if (other)
		fprintf(stderr,
			"ringbench: the hosts %s and %s have the same id %s, "
			"so they may be one machine; if they are, give both "
			"runs one name: NAME=RUN\n",
			other->name, sources[i].name, sources[i].host_id);
}

static void warn_of_revisions(const struct source *first,
			      const struct source *source)
{
	if (strcmp(revision_of(first), revision_of(source)) != 0)
		fprintf(stderr,
			"ringbench: revision %s measured on host %s and "
			"revision %s on host %s, so their queues can differ\n",
			revision_of(first), first->name, revision_of(source),
			source->name);
}

/* The number of observations that the sessions planned, without repetitions. 0:
 * unknown. */
static size_t planned(const struct source *source)
{
	const json_t *sessions = json_object_get(source->json, "sessions");
	json_t *session;
	json_int_t rounds = 0;
	size_t i;

	json_array_foreach(sessions, i, session)
	{
		rounds += json_integer_value(
			json_object_get(session, "rounds"));
	}
	return (size_t)rounds *
	       json_array_size(run_json_at(source->json, "plan.cells"));
}

static void warn_of_gaps(const struct source *source)
{
	if (source->first_attempts < planned(source))
		fprintf(stderr,
			"ringbench: %s is incomplete: it has %zu of %zu "
			"observations; to complete it, run `ringbench run "
			"--resume %s` on host %s, and merge again\n",
			source->path, source->first_attempts, planned(source),
			source->path, source->name);
}

void sources_warn(const struct source *sources, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		warn_of_gaps(&sources[i]);
		warn_of_names(sources, i);
		warn_of_revisions(&sources[0], &sources[i]);
	}
}
