/* SPDX-License-Identifier: BSD-2-Clause */
/* The identity of this build. */
#ifndef BUILD_INFO_H
#define BUILD_INFO_H

#include <jansson.h>

enum {
	BUILD_ID_LENGTH = 12,
};

/* The beginning of the linker's build id, in hex. Different programs have
 * different ids. */
void build_id(char id[BUILD_ID_LENGTH + 1]);

/* `git describe` of the source, with -dirty if the source has uncommitted
 * changes. */
const char *build_revision(void);

/* The release and the revision: "1.0.0 (259da14)". */
const char *build_version(void);

/* Revision, compiler, flags and library versions. */
json_t *build_describe(void);

#endif
