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

/* The program and the session that measure. */
struct run_identity {
	char session_id[SESSION_ID_MAX]; /* id of the session, equal for both
					    sides */
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
	int lock;	      /* lock of the folder, held until the run ends */
	json_t *json;	      /* run.json */
	struct doctor doctor; /* findings before the first round */
};

/*
 * Makes the folder `out` (NULL: a new one in results/), or adds a session to
 * it if it is a run of the same plan, host and build. plan->seed is set.
 */
int run_folder_open(struct run_folder *folder, const char *out,
		    const struct run_identity *identity, struct plan *plan,
		    const struct topology *topology, struct fault *fault);

/*
 * A path in results/ such that the path followed by "-" and any label does not
 * exist. For the two runs of ab and aa.
 */
int run_folder_pair_path(const char *plan, char path[PATHS_MAX],
			 struct fault *fault);

/* Makes a unique id for a session of this process. */
void run_folder_session(char session_id[SESSION_ID_MAX]);

/* The identity of this program in a new session. The caller releases
 * `program`. */
void run_identity_own(struct run_identity *identity);

/*
 * Reads the plan of an unfinished run and prepares its files: moves a torn row
 * to its own file, and flags the rows of the incomplete round as superseded.
 * *round: the round to continue with.
 */
int run_folder_resume(struct run_folder *folder, const char *path,
		      const struct run_identity *identity, struct plan *plan,
		      const struct topology *topology, int64_t *round,
		      struct fault *fault);

/* Writes the end of the session to run.json. */
int run_folder_finish(struct run_folder *folder, enum exit_code exit_code,
		      struct fault *fault);

void run_folder_free(struct run_folder *folder);

/* "2026-11-21T10:58:00Z" */
void run_folder_time(char text[32]);

#endif
