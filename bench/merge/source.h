/* SPDX-License-Identifier: BSD-2-Clause */
/* The runs that a merge reads: their arguments and facts, and which of them
 * cannot be in one run. */
#ifndef SOURCE_H
#define SOURCE_H

#include <sys/types.h>

#include "hosts.h"

/* A run to merge. */
struct source {
	const char *path;
	char name[HOST_NAME_MAX_BYTES]; /* of its host */
	bool is_named;			/* the user gave the name: NAME=RUN */
	json_t *json;			/* run.json */
	const char *host_id, *build_id, *revision; /* in json */
	dev_t device;
	ino_t inode;
	int64_t offset; /* is added to the numbers of its rounds */
	int64_t rounds; /* in its rows */
	size_t first_attempts, rows;
};

/* Reads the argument RUN or NAME=RUN. The caller frees the source, also after a
 * fault. Returns 0, or -1 with the fault set. */
int source_open(struct source *source, const char *argument,
		struct fault *fault);
void source_free(struct source *source);

/* Finds runs that cannot be in one run. Returns 0, or -1 with the fault set. */
int sources_check(const struct source *sources, size_t count,
		  struct fault *fault);

/* Whether two sources are of the same host. */
bool source_same_host(const struct source *a, const struct source *b);

/* Prints what a reader of the merged run has to know, one line each, to
 * standard error. Call this function after the rows have been counted. */
void sources_warn(const struct source *sources, size_t count);

#endif
