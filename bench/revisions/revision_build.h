/* SPDX-License-Identifier: BSD-2-Clause */
/* A revision of this program, built to be measured. */
#ifndef REVISION_BUILD_H
#define REVISION_BUILD_H

#include <jansson.h>

#include "link_line.h"
#include "revision.h"

struct revision_build {
	const char *label; /* for messages */
	struct revision revision;
	char tree[PATHS_MAX];	    /* its sources */
	char folder[PATHS_MAX];	    /* its objects */
	char executable[PATHS_MAX]; /* there */
	struct link_line link;
	char build_id[16];
	json_t *program; /* what it says of itself: compiler, flags */
};

/*
 * Builds the revision in `scratch`, a folder that is the candidate's own; the
 * working tree's sources stay where they are. What the compiler says is in
 * `log`, a file that stays only when the build fails. 0, or -1 with the fault
 * set: it does not build, or is too old to be told what to do.
 */
int revision_build_make(struct revision_build *build, const char *top,
			const char *scratch, const char *log,
			struct fault *fault);

/* Links the program again, its objects in the seed's order. 0, or -1. */
int revision_build_relink(const struct revision_build *build, uint64_t seed,
			  struct fault *fault);

void revision_build_free(struct revision_build *build);

/* Makes a folder for all of this, in TMPDIR or /tmp, and makes it the TMPDIR of
 * whatever we start. 0, or -1. */
int scratch_make(char path[PATHS_MAX], struct fault *fault);

#endif
