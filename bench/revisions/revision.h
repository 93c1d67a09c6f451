/* SPDX-License-Identifier: BSD-2-Clause */
/* Revisions of the repository that we are in. It is only read. */
#ifndef REVISION_H
#define REVISION_H

#include "fault.h"
#include "paths.h"

struct revision {
	char commit[72]; /* its hash; "": the working tree as it is */
	char name[72];	 /* `git describe`; -dirty: with changes */
};

/* The top folder of the repository. 0, or -1 with the fault set. */
int revision_top(char top[PATHS_MAX], struct fault *fault);

/* Finds what is called so (NULL: the working tree). 0, or -1. */
int revision_find(struct revision *revision, const char *top, const char *name,
		  struct fault *fault);

/* Unpacks the files of a commit into a new folder. 0, or -1. */
int revision_unpack(const struct revision *revision, const char *top,
		    const char *folder, struct fault *fault);

#endif
