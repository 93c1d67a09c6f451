/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "hosts.h"

enum {
	NAMED_BYTES = 300, /* of the names of hosts in an error */
};

/* Rows of one host follow each other, so the last name is the most frequent. */
void hosts_note(struct hosts *hosts, const struct record *row)
{
	const char *name = record_text(row, COLUMN_host);
	size_t at = hosts->count;

	while (at > 0 && strcmp(hosts->names[at - 1], name) != 0)
		at--;
	if (at > 0 || !*name || hosts->count == HOSTS_MAX)
		return;
	hosts->names[hosts->count] = strdup(name);
	if (!hosts->names[hosts->count++])
		abort();
}

void hosts_free(struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		free(hosts->names[i]);
	hosts->count = 0;
}

bool host_name_is_possible(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789-_.");

	return length > 0 && length < HOST_NAME_MAX_BYTES && !name[length] &&
	       *name != '-' && *name != '.';
}

json_t *hosts_facts(const json_t *json, const char *name)
{
	const json_t *hosts = json_object_get(json, "hosts");
	json_t *host;
	size_t i;

	json_array_foreach(hosts, i, host)
	{
		const char *own = json_string_value(
			json_object_get(host, "name"));

		if (own && strcmp(own, name) == 0)
			return host;
	}
	return NULL;
}

void hosts_keep_rows(struct rows *rows, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (strcmp(record_text(&rows->rows[i], COLUMN_host), name) != 0)
			continue;
		rows->rows[kept] = rows->rows[i];
		record_clear(&rows->rows[kept++], COLUMN_host);
	}
	rows->count = kept;
}

static void list_names(const struct hosts *hosts, char names[NAMED_BYTES])
{
	size_t length = 0;

	names[0] = '\0';
	for (size_t i = 0; i < hosts->count && length + 8 < NAMED_BYTES; i++)
		length += (size_t)snprintf(names + length, NAMED_BYTES - length,
					   "%s%s", i ? ", " : "",
					   hosts->names[i]);
}

int hosts_choose(const struct hosts *hosts, const char *path,
		 const char *wanted, const char **name, struct fault *fault)
{
	char names[NAMED_BYTES];

	*name = NULL;
	if (hosts->count == 0 && wanted)
		return fault_set(fault, EXIT_USAGE,
				 "%.400s is the run of one host; remove --host "
				 "%.64s",
				 path, wanted);
	for (size_t i = 0; i < hosts->count; i++)
		if (wanted ? strcmp(hosts->names[i], wanted) == 0
			   : hosts->count == 1)
			*name = hosts->names[i];
	if (*name || hosts->count == 0)
		return 0;
	list_names(hosts, names);
	if (wanted)
		return fault_set(fault, EXIT_USAGE,
				 "%.400s has no host \"%.64s\"; choose one of: "
				 "%s",
				 path, wanted, names);
	return fault_set(fault, EXIT_USAGE,
			 "%.400s is merged from %zu hosts, and this command is "
			 "about one; choose it with --host: %s",
			 path, hosts->count, names);
}

/* The part of a merged run that is about one host. */
static void copy_host(const struct run *merged, const char *name,
		      struct run *run)
{
	struct rows *rows = &run->rows;

	memset(run, 0, sizeof(*run));
	memcpy(run->path, merged->path, sizeof(run->path));
	snprintf(run->host, sizeof(run->host), "%s", name);
	run->json = json_incref(hosts_facts(merged->json, name));
	for (size_t i = 0; i < merged->rows.count; i++) {
		const struct record *row = &merged->rows.rows[i];

		if (strcmp(record_text(row, COLUMN_host), name) != 0)
			continue;
		rows->rows = array_grow(rows->rows, rows->count,
					sizeof(*rows->rows));
		rows->rows[rows->count] = *row;
		record_clear(&rows->rows[rows->count++], COLUMN_host);
	}
	groups_make(rows, &run->groups);
}

/* Divides the run, and frees it if it is merged. only: one host; NULL: all. */
static void divide(struct host_runs *all, struct run *run,
		   const struct hosts *hosts, const char *only)
{
	all->count = only || !hosts->count ? 1 : hosts->count;
	all->runs = calloc(all->count, sizeof(*all->runs));
	if (!all->runs)
		abort();
	if (!hosts->count) {
		all->runs[0] = *run;
		return;
	}
	for (size_t i = 0; i < all->count; i++)
		copy_host(run, only ? only : hosts->names[i], &all->runs[i]);
	run_free(run);
}

/* one: the caller needs exactly one run. */
static int load(struct host_runs *all, const char *path, const char *wanted,
		bool one, struct fault *fault)
{
	const char *only = NULL;
	struct hosts hosts = { .count = 0 };
	struct run run;
	int error = 0;

	memset(all, 0, sizeof(*all));
	if (run_load(&run, path, fault) != 0)
		return -1;
	for (size_t i = 0; i < run.rows.count; i++)
		hosts_note(&hosts, &run.rows.rows[i]);
	if (one || wanted)
		error = hosts_choose(&hosts, path, wanted, &only, fault);
	if (error)
		run_free(&run);
	else
		divide(all, &run, &hosts, only);
	hosts_free(&hosts);
	return error;
}

int run_load_host(struct run *run, const char *path, const char *wanted,
		  struct fault *fault)
{
	struct host_runs all;

	if (load(&all, path, wanted, true, fault) != 0)
		return -1;
	*run = all.runs[0];
	free(all.runs);
	return 0;
}

int host_runs_load(struct host_runs *all, const char *path, const char *wanted,
		   struct fault *fault)
{
	return load(all, path, wanted, false, fault);
}

void host_runs_free(struct host_runs *all)
{
	for (size_t i = 0; i < all->count; i++)
		run_free(&all->runs[i]);
	free(all->runs);
}
