/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Revisions of the git repository that contains the current folder. The
 * repository is only read.
 */
#ifndef REVISION_H
#define REVISION_H

#include "fault.h"
#include "paths.h"

struct revision {
	char commit[72]; /* hash; "": the working tree */
	char name[72];	 /* `git describe`; the suffix -dirty: with changes */
};

/*
 * Finds the top folder of the repository. Returns 0, or -1 with the fault set.
 */
int revision_top(char top[PATHS_MAX], struct fault *fault);

/* Finds the revision called `name`; NULL: the working tree. Returns 0 or -1. */
int revision_find(struct revision *revision, const char *top, const char *name,
		  struct fault *fault);

/* Unpacks the files of a commit into a new folder. Returns 0 or -1. */
int revision_unpack(const struct revision *revision, const char *top,
		    const char *folder, struct fault *fault);

#endif
