/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A revision of this program that was built to be measured: the baseline or the
 * candidate of `ringbench ab`.
 */
#ifndef REVISION_BUILD_H
#define REVISION_BUILD_H

#include <jansson.h>

#include "link_line.h"
#include "revision.h"

struct revision_build {
	const char *label; /* name in messages */
	struct revision revision;
	char tree[PATHS_MAX];	    /* folder of the sources */
	char folder[PATHS_MAX];	    /* folder of the objects */
	char executable[PATHS_MAX]; /* in `folder` */
	struct link_line link;
	char build_id[16];
	json_t *program; /* compiler and flags, from its run.json */
};

/*
 * Builds the revision in its own folder `scratch`. The sources of the working
 * tree are not copied. The output of the compiler goes to `log`, a file that is
 * kept only if the build fails. Returns 0, or -1 with the fault set: the
 * revision does not build, or it is too old for ab.
 */
int revision_build_make(struct revision_build *build, const char *top,
			const char *scratch, const char *log,
			struct fault *fault);

/*
 * Links the program again with its objects in a random order given by `seed`.
 * Returns 0 or -1.
 */
int revision_build_relink(const struct revision_build *build, uint64_t seed,
			  struct fault *fault);

void revision_build_free(struct revision_build *build);

/*
 * Creates a scratch folder in TMPDIR or /tmp, and sets TMPDIR to it for all
 * child processes. Returns 0 or -1.
 */
int scratch_make(char path[PATHS_MAX], struct fault *fault);

#endif
