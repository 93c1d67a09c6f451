/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hosts of a merged run. Its rows have the column `host`, and its run.json
 * has the member "hosts": for each host an object with "name" and the members
 * of the run.json of one run. Hosts are in the order of their first rows.
 */
#ifndef HOSTS_H
#define HOSTS_H

#include "run.h"

enum {
	HOSTS_MAX = 1024,
};

struct hosts {
	char *names[HOSTS_MAX];
	size_t count; /* 0: the run is not merged */
};

/* Adds the host of the row unless the list contains it. */
void hosts_note(struct hosts *hosts, const struct record *row);
void hosts_free(struct hosts *hosts);

/*
 * Whether the text can be the name of a host: letters, digits, "-", "_" and
 * ".", and neither "-" nor "." at the beginning. The name becomes a word in the
 * names of cells and the name of a folder.
 */
bool host_name_is_possible(const char *name);

/* The facts about a host in the run.json of a merged run, or NULL. */
json_t *hosts_facts(const json_t *json, const char *name);

/* Keeps the rows of one host, and empties their column `host`. */
void hosts_keep_rows(struct rows *rows, const char *name);

/*
 * The host that a command about one host has to read. wanted: the value of
 * --host, or NULL. *name: one of hosts->names, or NULL if the run is not
 * merged. Returns 0, or -1 with the fault set if there is no such host, or if
 * there are several and none is wanted.
 */
int hosts_choose(const struct hosts *hosts, const char *path,
		 const char *wanted, const char **name, struct fault *fault);

/* Like run_load(), but of one host: its rows, without their column `host`, and
 * its facts. */
int run_load_host(struct run *run, const char *path, const char *wanted,
		  struct fault *fault);

/* A run as one run for each host. */
struct host_runs {
	struct run *runs; /* one run for each host, like run_load_host() */
	size_t count;
};

/* Reads a run. wanted: only this host; NULL: all. Returns 0, or -1 with the
 * fault set. */
int host_runs_load(struct host_runs *all, const char *path, const char *wanted,
		   struct fault *fault);
void host_runs_free(struct host_runs *all);

#endif
