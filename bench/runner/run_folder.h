/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder of a run: results.csv, threads.csv and run.json. A run is one or
 * more sessions of one plan, host and build.
 */
#ifndef RUN_FOLDER_H
#define RUN_FOLDER_H

#include <jansson.h>

#include "doctor.h"
#include "host.h"
#include "paths.h"
#include "plan.h"

enum {
	RUN_ID_MAX = 128,
	SESSION_ID_MAX = 32,
};

struct run_folder {
	char path[PATHS_MAX];
	char run_id[RUN_ID_MAX];
	char session_id[SESSION_ID_MAX];
	char host_id[HOST_ID_LENGTH + 1];
	char build_id[16];
	int results; /* descriptor of results.csv */
	int threads;
	json_t *json;	      /* run.json */
	struct doctor doctor; /* of the machine, before the rounds */
};

/*
 * Makes the folder `out` (NULL: a new one in results/), or adds a session to
 * it if it is a run of the same plan, host and build. plan->seed is set.
 */
int run_folder_open(struct run_folder *folder, const char *out,
		    struct plan *plan, const struct topology *topology,
		    struct fault *fault);

/*
 * Reads the plan of an unfinished run, cleans up behind its end (a torn row
 * moves to a file of its own, rows of the cut round are flagged superseded),
 * and tells the round to go on with.
 */
int run_folder_resume(struct run_folder *folder, const char *path,
		      struct plan *plan, const struct topology *topology,
		      int64_t *round, struct fault *fault);

/* Notes how the session ended. */
int run_folder_finish(struct run_folder *folder, enum exit_code exit_code,
		      struct fault *fault);

void run_folder_free(struct run_folder *folder);

/* "2026-11-21T10:58:00Z" */
void run_folder_time(char text[32]);

#endif
