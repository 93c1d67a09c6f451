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
	BUILD_ID_MAX = 16,
};

/* Who measures a session. */
struct run_identity {
	char session_id[SESSION_ID_MAX]; /* sides of one session share it */
	char build_id[BUILD_ID_MAX];
	json_t *program; /* revision, compiler and so on, for run.json */
};

struct run_folder {
	char path[PATHS_MAX];
	char run_id[RUN_ID_MAX];
	char session_id[SESSION_ID_MAX];
	char host_id[HOST_ID_LENGTH + 1];
	char build_id[BUILD_ID_MAX];
	int results; /* descriptor of results.csv */
	int threads;
	int lock;	      /* the folder, held while the run lasts */
	json_t *json;	      /* run.json */
	struct doctor doctor; /* of the machine, before the rounds */
};

/*
 * Makes the folder `out` (NULL: a new one in results/), or adds a session to
 * it if it is a run of the same plan, host and build. plan->seed is set.
 */
int run_folder_open(struct run_folder *folder, const char *out,
		    const struct run_identity *identity, struct plan *plan,
		    const struct topology *topology, struct fault *fault);

/*
 * A path in results/ that is free when "-base" or anything else that begins
 * with - is put behind it: where the runs of two sides go.
 */
int run_folder_pair_path(const char *plan, char path[PATHS_MAX],
			 struct fault *fault);

/* Names a session of this process; no two are equal. */
void run_folder_session(char session_id[SESSION_ID_MAX]);

/* This program, in a session that begins; program is to be released. */
void run_identity_own(struct run_identity *identity);

/*
 * Reads the plan of an unfinished run, cleans up behind its end (a torn row
 * moves to a file of its own, rows of the cut round are flagged superseded),
 * and tells the round to go on with.
 */
int run_folder_resume(struct run_folder *folder, const char *path,
		      const struct run_identity *identity, struct plan *plan,
		      const struct topology *topology, int64_t *round,
		      struct fault *fault);

/* Notes how the session ended. */
int run_folder_finish(struct run_folder *folder, enum exit_code exit_code,
		      struct fault *fault);

void run_folder_free(struct run_folder *folder);

/* "2026-11-21T10:58:00Z" */
void run_folder_time(char text[32]);

#endif
