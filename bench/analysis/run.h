/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a run from disk for tables, reports and pictures. */
#ifndef RUN_H
#define RUN_H

#include <jansson.h>

#include "fault.h"
#include "groups.h"
#include "paths.h"

enum {
	HOST_NAME_MAX_BYTES = 64,
};

struct run {
	char path[PATHS_MAX];		/* the folder, or the CSV file */
	char host[HOST_NAME_MAX_BYTES]; /* the host of a merged run that this
					   is a part of; "": no part */
	json_t *json; /* run.json; NULL if the run is only a CSV file */
	struct rows rows;
	struct groups groups;
};

/* Reads DIR/run.json, or NULL with the fault set. */
json_t *run_read_json(const char *path, struct fault *fault);

/* Reads a run's folder or a results.csv. Returns 0, or -1 with the fault. */
int run_load(struct run *run, const char *path, struct fault *fault);
void run_free(struct run *run);

/* The value below keys joined by dots ("plan.name"), or NULL. */
json_t *run_json_at(const json_t *json, const char *keys);

/* A text in run.json by its keys joined by dots ("plan.name"), or "?". */
const char *run_fact(const struct run *run, const char *keys);

/*
 * The planned length of the window, for files without a column for it. -1: the
 * lines of the plan have different lengths or no length.
 */
int64_t run_duration(const json_t *json);

/* The largest round number. */
int64_t run_rounds(const struct run *run);

/* The factors of a cell to find; NULL: any value. */
struct run_query {
	const char *scenario;
	const char *backend;
	const char *wait;
	const char *placement;
	int64_t queues; /* 0: any */
};
/* Finds the cell. If it has a group for each class of core distances, returns
 * the group that represents the cell. */
const struct group *run_find(const struct run *run,
			     const struct run_query *query);

#endif
